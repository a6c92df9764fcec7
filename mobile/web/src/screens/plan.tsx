import { useState } from 'preact/hooks';
import { port, tell, troubleOf, useAsk } from '../store';
import { go, to } from '../route';
import { coded, words } from '../words';
import { buildingText, KeyMark, Sheet, StateMark, stairText } from '../ui/marks';
import { Page, TroubleBox, Waiting } from '../ui/page';
import { Tick } from '../ui/form';
import { outcomeOf } from './visit';
import type { Building, Door, DoorHome, DoorState, Floor, Trouble, VisitForm } from '../port/types';

/** 楼栋 – the buildings of this phone's grids. */
export function BuildingsScreen() {
  const w = words.value;
  const asked = useAsk('buildings', {}, true);
  return (
    <Page title={w.plan.title}>
      {asked.data === null ? (
        <Waiting trouble={asked.trouble} again={asked.again} />
      ) : asked.data.length === 0 ? (
        <p class="quiet">{w.today.nobody}</p>
      ) : (
        <ul class="buildings">
          {asked.data.map((one) => (
            <li key={`${one.estate}/${one.building}`}>
              <a class="building" href={to('plan', [one.estate, one.building])}>
                <strong>{buildingText(one.estate, one.building)}</strong>
                <span class="quiet">{w.plan.count(one.open, one.doors)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

/** 楼栋图 – stair by stair, the top floor first, as a building is seen. */
export function PlanScreen(props: { estate: string; building: string }) {
  const w = words.value;
  const asked = useAsk('building', props);
  const [tapped, tap] = useState<Door | null>(null);
  const plan = asked.data;
  return (
    <Page title={buildingText(props.estate, props.building)} back={to('plan')}>
      {plan === null ? (
        <Waiting trouble={asked.trouble} again={asked.again} />
      ) : (
        <>
          <Stewards plan={plan} />
          <Legend />
          {plan.stairs.map((stair) => (
            <section class="plan" key={stair.stair} aria-label={stair.stair === '' ? w.plan.title : stairText(stair.stair)}>
              {stair.stair !== '' && <h2>{stairText(stair.stair)}</h2>}
              <div class="plan-scroll" tabIndex={0} role="group" aria-label={w.plan.scroll}>
                <table class="plan-grid">
                  <tbody>
                    {stair.floors.map((floor) => (
                      <FloorRow key={floor.floor} floor={floor} tap={tap} />
                    ))}
                  </tbody>
                </table>
              </div>
            </section>
          ))}
        </>
      )}
      {tapped !== null && <DoorSheet door={tapped} close={() => tap(null)} />}
    </Page>
  );
}

function Stewards(props: { plan: Building }) {
  const w = words.value;
  return (
    <>
      {props.plan.stewards.map((one) => (
        <p class="tell">
          {w.plan.ask_first} <strong>{one.name}</strong> {one.stair ?? ''}{' '}
          {one.phone !== null && (
            <a class="phone" href={`tel:${one.phone.replace(/\s/g, '')}`}>
              {one.phone}
            </a>
          )}
        </p>
      ))}
    </>
  );
}

function Legend() {
  const w = words.value;
  return (
    <details class="legend">
      <summary>{w.plan.legend}</summary>
      <ul>
        {(Object.keys(w.state) as DoorState[]).map((state) => (
          <li key={state}>
            <StateMark state={state} silent /> {w.state[state]}
          </li>
        ))}
        <li>
          <KeyMark /> {w.key_long}
        </li>
      </ul>
    </details>
  );
}

/** What a door looks like from outside: the most pressing of those behind it. */
const PRESSING: DoorState[] = ['appointment', 'due', 'tried', 'seen-vacant', 'done', 'deducted', 'not-due'];

function doorState(door: Door): DoorState {
  return PRESSING.find((state) => door.homes.some((home) => home.state === state)) ?? 'not-due';
}

function FloorRow(props: { floor: Floor; tap: (door: Door) => void }) {
  const w = words.value;
  const { floor } = props;
  return (
    <tr>
      <th scope="row">{floor.floor === null ? '?' : floor.floor}</th>
      {floor.doors.map((door) => {
        const state = doorState(door);
        const is_key = door.homes.some((home) => home.key);
        const used = door.used_as === 'home' ? '' : coded(w.plan.used, door.used_as);
        const said = [w.plan.door(door.door), used === '' ? w.state[state] : used, is_key ? w.key_long : '', 1 < door.homes.length ? w.plan.households(door.homes.length) : ''];
        return (
          <td key={door.dwelling}>
            <button
              type="button"
              class={`plan-door state-${used === '' ? state : 'not-due'}`}
              onClick={() => props.tap(door)}
            >
              <span class="plan-nr" aria-hidden="true">
                {door.door}
              </span>
              <span class="heard">{said.filter((text) => text !== '').join(', ')}</span>
              <span class="plan-letter" aria-hidden="true">
                {used === '' ? w.letter[state] : '·'}
                {is_key && <span class="key-mark">{w.key_mark}</span>}
                {1 < door.homes.length && <small>×{door.homes.length}</small>}
              </span>
            </button>
          </td>
        );
      })}
    </tr>
  );
}

/** Whether something was begun that a quick record would overwrite. */
function begun(form: VisitForm): boolean {
  return form.outcome !== null || form.note !== '' || 0 < form.changes.length + form.requests.length + form.hazards.length + form.answers.length + form.fields.length;
}

/** A door: 不在家 with one more tap, 留言条 with one between. */
function DoorSheet(props: { door: Door; close: () => void }) {
  const w = words.value;
  const { door } = props;
  const [left, leave] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const not_home = async (home: DoorHome) => {
    if (busy) return;
    setBusy(true);
    try {
      const form = await port().ask('draft', { unit: home.unit });
      if (begun(form)) {
        go(to('visit', [home.unit]));
        return;
      }
      const saved = await port().ask('save', { ...form, outcome: { ...outcomeOf('not-home'), note_left: left } });
      tell({
        words: w.visit.saved,
        more: `${w.plan.door(door.door)} · ${w.plan.not_home}${left ? ` · ${w.plan.note_left}` : ''}`,
        undo: { record: saved.record, fields: saved.fields_changed },
      });
      props.close();
    } catch (why: unknown) {
      setTrouble(troubleOf(why));
      setBusy(false);
    }
  };
  return (
    <Sheet title={w.plan.door(door.door)} onClose={props.close}>
      <TroubleBox trouble={trouble} />
      {door.used_as !== 'home' && <p>{coded(w.plan.used, door.used_as)}</p>}
      {0 < door.homes.length && <Tick label={w.plan.note_left} value={left} put={leave} />}
      {door.homes.map((home) => (
        <div class="home" key={home.unit}>
          <p>
            <StateMark state={home.state} /> {home.key && <KeyMark />} {home.names.length === 0 ? w.today.vacant : home.names.join(' ')}
          </p>
          <div class="actions">
            <a class="button button-strong" href={`${to('unit', [home.unit])}?from=plan`}>
              {w.plan.open}
            </a>
            <button type="button" class="button" disabled={busy} onClick={() => void not_home(home)}>
              {w.plan.not_home}
            </button>
          </div>
        </div>
      ))}
      {door.homes.length === 0 && <p class="quiet">{w.plan.nobody}</p>}
      <div class="stack">
        <a class="button button-wide" href={to('new', [], { dwelling: door.dwelling })}>
          {w.plan.new_here}
        </a>
        <a class="button button-wide" href={to('use', [door.dwelling])}>
          {w.plan.use}
        </a>
      </div>
    </Sheet>
  );
}
