import { useEffect, useState } from 'preact/hooks';
import { port, state, tell, troubleOf, useAsk } from '../store';
import { go, route, to } from '../route';
import { coded, day, label, said, words } from '../words';
import { Chip, KeyMark, placeText, Sure } from '../ui/marks';
import { Page, TroubleBox, Waiting } from '../ui/page';
import { HouseFields, Members } from './household/fields';
import { Requests } from './household/requests';
import { UnitList } from './today';
import { SuggestKey } from './found';
import { reopen } from './sync';
import { LessonHint } from './practice';
import type { HistoryLine, Household, Trouble } from '../port/types';

/** How many lines of the history are shown before more is asked for. */
const LINES = 6;

/** 家庭户, or an empty home. */
export function HouseholdScreen(props: { unit: string }) {
  const w = words.value;
  const asked = useAsk('household', { unit: props.unit });
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const sheet = asked.data;
  const vacant = props.unit.startsWith('vacant/');
  const gone = isGone(sheet === null ? asked.trouble : null);
  useEffect(() => {
    if (gone) leave();
  }, [gone]);
  const open = () => {
    port()
      .ask('open', { unit: props.unit })
      .then(asked.put, (why: unknown) => setTrouble(troubleOf(why)));
  };
  return (
    <Page
      title={sheet === null ? (vacant ? w.unit.vacant_title : w.unit.title) : placeText(sheet.place)}
      back={route.value.query.get('from') === 'plan' && sheet?.place != null ? to('plan', [sheet.place.estate, sheet.place.building]) : to('today')}
      bar={sheet === null ? undefined : <OutcomeBar sheet={sheet} vacant={vacant} />}
    >
      <TroubleBox trouble={trouble} />
      {sheet === null ? (
        <Waiting trouble={asked.trouble} again={asked.again} />
      ) : (
        <>
          <LessonHint dwelling={sheet.dwelling} />
          <Warnings sheet={sheet} />
          {!vacant && <Opening sheet={sheet} open={open} />}
          <Conflicts sheet={sheet} put={asked.put} wrong={setTrouble} />
          <Requests sheet={sheet} put={asked.put} />
          {!vacant && <Members sheet={sheet} />}
          {!vacant && sheet.open && <HouseFields sheet={sheet} />}
          <Refused sheet={sheet} />
          <History sheet={sheet} wrong={setTrouble} />
          {0 < sheet.neighbours.length && (
            <section class="card">
              <h2>{w.unit.neighbours}</h2>
              <UnitList lines={sheet.neighbours} />
            </section>
          )}
          <More sheet={sheet} vacant={vacant} />
        </>
      )}
    </Page>
  );
}

/** A door of a practice that has ended, or a household that left this phone: an address of before leads nowhere. */
export function isGone(trouble: Trouble | null): boolean {
  return trouble?.problems.some((one) => one.field === 'unit') === true;
}

/** To the list, which says why; the back key does not return here. */
export function leave(): void {
  tell({ words: words.value.unit.gone });
  go(to('today'), true);
}

/** Three taps: the door, one of these, save. */
function OutcomeBar(props: { sheet: Household; vacant: boolean }) {
  const w = words.value;
  const { sheet } = props;
  const visit = (query: Record<string, string>) => to('visit', [sheet.unit], query);
  if (sheet.has_draft) {
    return (
      <nav class="bar" aria-label={w.unit.bar}>
        <a class="button button-strong" href={visit({})}>
          {w.unit.resume}
        </a>
      </nav>
    );
  }
  return (
    <nav class="bar" aria-label={w.unit.bar}>
      {props.vacant ? (
        <>
          <a class="button button-strong" href={visit({ outcome: 'vacant' })}>
            {w.unit.seen_vacant}
          </a>
          <a class="button" href={to('new', [], { dwelling: sheet.dwelling ?? '' })}>
            {w.unit.lived_in}
          </a>
        </>
      ) : (
        <>
          <a class="button button-strong" href={visit({ outcome: 'met', same: '1' })}>
            {w.unit.same}
          </a>
          <a class="button" href={visit({ outcome: 'met' })}>
            {w.unit.changed}
          </a>
        </>
      )}
      <a class="button" href={visit({ outcome: 'not-home' })}>
        {w.unit.not_home}
      </a>
      <a class="button" href={visit({ outcome: '' })}>
        {w.unit.other}
      </a>
    </nav>
  );
}

function Warnings(props: { sheet: Household }) {
  const w = words.value;
  const { sheet } = props;
  const today = state.value?.today ?? '';
  return (
    <div class="tells">
      {sheet.key && (
        <p>
          <KeyMark /> {w.key_long}
        </p>
      )}
      {sheet.do_not_ask_until !== null && <p class="tell tell-warn">{w.unit.no_knock(day(sheet.do_not_ask_until, today))}</p>}
      {sheet.steward !== null && <p class="tell">{w.unit.steward(sheet.steward)}</p>}
      {sheet.note_for_next !== '' && (
        <p class="tell">
          <strong>{w.unit.note}</strong> {sheet.note_for_next}
        </p>
      )}
      {sheet.grid !== '' && <p class="quiet">{w.unit.grid(sheet.grid)}</p>}
    </div>
  );
}

/** 本次走访 打开 – one tap, and the person is told what it does. */
function Opening(props: { sheet: Household; open: () => void }) {
  const w = words.value;
  if (props.sheet.locked) return <p class="tell tell-warn">{w.unit.lease}</p>;
  if (props.sheet.open) return <p class="quiet">{w.unit.opened}</p>;
  return (
    <div class="opening">
      <button type="button" class="button button-wide" onClick={props.open}>
        {w.unit.open}
      </button>
      <p class="hint">{w.unit.open_hint}</p>
    </div>
  );
}

/** 两人同时修改 – both stay visible until a person chooses. */
function Conflicts(props: { sheet: Household; put: (sheet: Household) => void; wrong: (trouble: Trouble) => void }) {
  const w = words.value;
  if (props.sheet.conflicts.length === 0) return null;
  return (
    <section class="card card-warn">
      <h2>{w.unit.conflicts}</h2>
      {props.sheet.conflicts.map((one) => (
        <fieldset key={one.key}>
          <legend>{label(one)}</legend>
          <div class="choices">
            {one.values.map((value, nth) => (
              <div class="choice">
                <p>{value === '' ? w.unit.empty : value}</p>
                <button
                  type="button"
                  class="button"
                  onClick={() => {
                    port()
                      .ask('settle', { unit: props.sheet.unit, key: one.key, chosen: nth })
                      .then(props.put, (why: unknown) => props.wrong(troubleOf(why)));
                  }}
                >
                  {w.unit.keep}
                </button>
              </div>
            ))}
          </div>
        </fieldset>
      ))}
    </section>
  );
}

function Refused(props: { sheet: Household }) {
  const w = words.value;
  if (props.sheet.refused.length === 0) return null;
  return (
    <section class="card card-warn">
      <h2>{w.unit.refused}</h2>
      <ul class="lines">
        {props.sheet.refused.map((one) => (
          <li key={one.record}>
            <p>
              <Chip tone="warn">{one.state === 'parked' ? w.sync.parked : w.sync.quarantined}</Chip> {one.outcome !== null && coded(w.outcome, one.outcome)} {one.visited_on}
            </p>
            {one.words !== null && <p>{said(one.words)}</p>}
            {one.draft !== null && (
              <button type="button" class="button" onClick={() => void reopen(one)}>
                {w.sync.reopen}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function History(props: { sheet: Household; wrong: (trouble: Trouble) => void }) {
  const w = words.value;
  const [all, showAll] = useState(false);
  const [asking, ask] = useState<HistoryLine | null>(null);
  const lines = all ? props.sheet.history : props.sheet.history.slice(0, LINES);
  const today = state.value?.today ?? '';
  return (
    <section class="card">
      <h2>{w.unit.history}</h2>
      {lines.length === 0 && <p class="quiet">{w.unit.no_history}</p>}
      <ul class="lines">
        {lines.map((one) => (
          <li key={one.record + one.what} class={one.taken_back || one.superseded ? 'gone' : undefined}>
            {one.mine && one.outcome !== null && !one.taken_back && !one.superseded ? (
              <details>
                <summary>
                  <Past line={one} today={today} />
                </summary>
                <p class="actions">
                  <a class="button" href={to('visit', [props.sheet.unit], { correct: one.record })}>
                    {w.unit.correct}
                  </a>
                  <button type="button" class="button" onClick={() => ask(one)}>
                    {w.unit.withdraw}
                  </button>
                </p>
              </details>
            ) : (
              <Past line={one} today={today} />
            )}
          </li>
        ))}
      </ul>
      {LINES < props.sheet.history.length && !all && (
        <button type="button" class="button button-wide" onClick={() => showAll(true)}>
          {w.sync.show_all(props.sheet.history.length)}
        </button>
      )}
      {asking !== null && (
        <Sure
          title={w.unit.withdraw}
          text={w.unit.withdraw_ask}
          yes={w.unit.withdraw}
          onYes={() => {
            ask(null);
            port()
              .ask('withdraw', { record: asking.record, reason: '' })
              .catch((why: unknown) => props.wrong(troubleOf(why)));
          }}
          onClose={() => ask(null)}
        />
      )}
    </section>
  );
}

/** One thing that happened, when, and who recorded it. */
function Past(props: { line: HistoryLine; today: string }) {
  const w = words.value;
  const one = props.line;
  return (
    <span>
      <strong>{one.outcome === null ? coded(w.event, one.what) : coded(w.outcome, one.outcome)}</strong> {day(one.on, props.today)} {one.at ?? ''}{' '}
      {one.late && <Chip>{w.unit.late}</Chip>} {one.taken_back && <Chip>{w.unit.taken_back}</Chip>} {one.superseded && <Chip>{w.unit.superseded}</Chip>}{' '}
      <span class="quiet">{one.mine ? w.unit.mine : one.by === '' ? w.unit.desk : one.by}</span>
    </span>
  );
}

function More(props: { sheet: Household; vacant: boolean }) {
  const w = words.value;
  const { sheet } = props;
  const [suggesting, suggest] = useState(false);
  const dwelling = sheet.dwelling ?? '';
  return (
    <details class="card">
      <summary>{w.unit.more}</summary>
      <div class="stack">
        <button type="button" class="button button-wide" onClick={() => go(to('new', [], { dwelling }))}>
          {w.unit.new_here}
        </button>
        {!props.vacant && (
          <>
            <a class="button button-wide" href={to('new', [], { dwelling, split: sheet.unit })}>
              {w.unit.split}
            </a>
            <button type="button" class="button button-wide" onClick={() => suggest(true)}>
              {sheet.key ? w.unit.unsuggest : w.unit.suggest}
            </button>
          </>
        )}
        {dwelling !== '' && (
          <a class="button button-wide" href={to('use', [dwelling])}>
            {w.unit.use}
          </a>
        )}
      </div>
      {suggesting && <SuggestKey unit={sheet.unit} to={!sheet.key} onClose={() => suggest(false)} />}
    </details>
  );
}
