import { useState } from 'preact/hooks';
import { port, state, troubleOf, useAsk } from '../store';
import { prefer, prefs, SIZES } from '../prefs';
import { to } from '../route';
import { instant, words } from '../words';
import { Keys, Line, Tick } from '../ui/form';
import { placeText } from '../ui/marks';
import { Page, TroubleBox, Waiting } from '../ui/page';
import type { LookLine, Mine, Trouble } from '../port/types';
import { Rights } from './enrol';
import { PracticeOffer } from './practice';
import { Rules } from './rules';

/** 我的 – everything held here about the worker, the rules, and how the screens look. */
export function MineScreen() {
  const w = words.value;
  const asked = useAsk('mine', {});
  return (
    <Page title={w.mine.title}>
      {asked.data === null ? <Waiting trouble={asked.trouble} again={asked.again} /> : <Held mine={asked.data} />}
      <p>
        <a class="button button-wide" href={to('messages')}>
          {w.messages.title}
        </a>
      </p>
      <p>
        <a class="button button-wide" href={to('help')}>
          {w.mine.help}
        </a>
      </p>
      <PracticeOffer />
      <Look />
      <Safe />
      {asked.data !== null && (
        <>
          <Rules title={w.mine.rules} rules={asked.data.rules} none={asked.data.rules_unread ? w.mine.rules_unread : w.mine.no_rules} />
          <Looks looks={asked.data.looks} />
          <Rules title={w.mine.categories} rules={asked.data.categories} none={w.visit.no_forms} />
        </>
      )}
      <Told title={w.mine.limits} lines={w.mine.limits_list} />
      <Complaint phone={asked.data?.office_phone ?? ''} />
      <details class="card">
        <summary>{w.mine.rights}</summary>
        <Rights />
      </details>
      {state.value !== null && <p class="quiet">{w.mine.version(state.value.app)}</p>}
    </Page>
  );
}

function Held(props: { mine: Mine }) {
  const w = words.value;
  const { who, office_phone, households, records, drafts } = props.mine;
  const lines: [string, string][] =
    who === null
      ? []
      : [
          [w.mine.worker, who.worker_name],
          [w.mine.community, `${who.above}${who.community}`],
          [w.mine.hub, who.hub_url],
          [w.mine.enrolment, who.enrolment.slice(0, 13)],
        ];
  return (
    <section class="card">
      <h2>{w.mine.who}</h2>
      <dl class="fields">
        {lines.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd class="breaks">{value}</dd>
          </div>
        ))}
        {office_phone !== '' && (
          <div>
            <dt>{w.mine.office}</dt>
            <dd>
              <a class="phone" href={`tel:${office_phone.replace(/\s/g, '')}`}>
                {office_phone}
              </a>
            </dd>
          </div>
        )}
        <div>
          <dt>{w.mine.held}</dt>
          <dd>{[w.mine.households(households), w.mine.records(records), w.mine.drafts(drafts)].join(' · ')}</dd>
        </div>
      </dl>
    </section>
  );
}

function Look() {
  const w = words.value;
  const now = prefs.value;
  return (
    <section class="card">
      <h2>{w.mine.look}</h2>
      <Keys
        label={w.language}
        value={now.lang}
        options={[
          { id: 'zh', text: '中文' },
          { id: 'en', text: 'English' },
        ]}
        put={(lang) => prefer({ lang: lang === 'en' ? 'en' : 'zh' })}
      />
      <Keys
        label={w.mine.size}
        value={String(now.size)}
        options={SIZES.map((size) => ({ id: String(size), text: `${size} %` }))}
        put={(chosen) => prefer({ size: SIZES.find((size) => String(size) === chosen) ?? 100 })}
      />
      <Tick label={w.mine.elder} value={now.elder} put={(elder) => prefer({ elder })} />
      <Tick label={w.mine.pace} value={now.pace} put={(pace) => prefer({ pace })} />
    </section>
  );
}

/** 投诉与建议 – whom to call. No box that nobody reads. */
function Complaint(props: { phone: string }) {
  const w = words.value;
  const office = state.value?.who;
  return (
    <details class="card">
      <summary>{w.mine.complaint}</summary>
      <p>
        {office == null ? '' : `${office.above}${office.community} `}
        {props.phone === '' ? w.mine.no_office : <a class="phone" href={`tel:${props.phone.replace(/\s/g, '')}`}>{props.phone}</a>}
      </p>
      <ul class="marked">
        {w.mine.complaint_list.map((line) => (
          <li>{line}</li>
        ))}
      </ul>
    </details>
  );
}

/** Lock now, another passcode. */
function Safe() {
  const w = words.value;
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [done, finish] = useState(false);
  const [tried, setTried] = useState(false);
  const short = [...next].length < 6;
  const change = () => {
    setTried(true);
    setTrouble(null);
    finish(false);
    if (short || next !== again) return;
    port()
      .change_passcode(old, next)
      .then(
        () => {
          finish(true);
          setTried(false);
          setOld('');
          setNext('');
          setAgain('');
        },
        (why: unknown) => setTrouble(troubleOf(why)),
      );
  };
  return (
    <section class="card">
      <button
        type="button"
        class="button button-strong button-wide"
        onClick={() => {
          port()
            .lock()
            .catch((why: unknown) => setTrouble(troubleOf(why)));
        }}
      >
        {w.mine.lock}
      </button>
      <details>
        <summary>{w.mine.passcode}</summary>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            change();
          }}
        >
          <Line label={w.mine.old} type="password" auto="current-password" value={old} put={setOld} />
          <Line label={w.mine.next} type="password" auto="new-password" value={next} put={setNext} hint={w.lock.weak} wrong={tried && short ? w.lock.short : ''} />
          <Line label={w.lock.again} type="password" auto="new-password" value={again} put={setAgain} wrong={tried && next !== again ? w.lock.differs : ''} />
          <TroubleBox trouble={trouble} />
          <button type="submit" class="button button-wide">
            {w.mine.passcode}
          </button>
        </form>
        <p role="status">{done ? w.mine.changed : ''}</p>
      </details>
    </section>
  );
}

/** 查看记录 – whose names were opened here; residents may ask. */
function Looks(props: { looks: LookLine[] }) {
  const w = words.value;
  return (
    <details class="card">
      <summary>{w.mine.looks}</summary>
      {props.looks.length === 0 && <p class="quiet">{w.none}</p>}
      <ul class="lines">
        {props.looks.slice(0, 200).map((one) => (
          <li key={one.at + one.unit}>
            {instant(one.at)} {placeText(one.place)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Told(props: { title: string; lines: readonly string[] }) {
  return (
    <details class="card">
      <summary>{props.title}</summary>
      <ul class="marked">
        {props.lines.map((line) => (
          <li>{line}</li>
        ))}
      </ul>
    </details>
  );
}
