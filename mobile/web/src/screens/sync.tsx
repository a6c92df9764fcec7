import { useState } from 'preact/hooks';
import { host, port, state, sync, troubleOf, useAsk } from '../store';
import { go, to } from '../route';
import { bytes, coded, instant, said, words } from '../words';
import { Chip, placeText } from '../ui/marks';
import { Page, TroubleBox, Waiting } from '../ui/page';
import type { ExchangeLine, ReceiptLine, ReceiptState, Trouble } from '../port/types';

/** How many records are listed before more is asked for. */
const LINES = 30;

/** 退回草稿 – the refused visit is kept as a draft again and opened. */
export async function reopen(receipt: ReceiptLine): Promise<void> {
  if (receipt.draft === null) return;
  await port().ask('keep_draft', receipt.draft);
  go(to('visit', [receipt.draft.unit]));
}

/** 同步 – per record what became of it, and how the phone stands with the hub. */
export function SyncScreen() {
  const w = words.value;
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const now = state.value;
  const run = sync.value;
  const start = () => {
    setTrouble(null);
    port()
      .sync()
      .catch((why: unknown) => setTrouble(troubleOf(why)));
  };
  const counts: [ReceiptState, number][] =
    now === null ? [] : [['unsent', now.outbox.unsent], ['accepted', now.outbox.accepted], ['parked', now.outbox.parked], ['quarantined', now.outbox.quarantined]];
  return (
    <Page title={w.sync.title}>
      <TroubleBox trouble={trouble} />
      <button type="button" class="button button-strong button-wide" disabled={run?.state === 'running'} onClick={start}>
        {run?.state === 'running' ? w.sync.running : w.sync.now}
      </button>
      <div role="status">
        {run?.state === 'done' && <p class="tell">{w.sync.result(run.accepted, run.put_aside, run.brought)}</p>}
        {run?.state === 'waiting' && (
          <p class="tell tell-warn">
            {w.strip.waiting}
            {run.retry_at !== null && ` · ${w.sync.retry_at(instant(run.retry_at))}`}
          </p>
        )}
        {run?.state === 'enrol-again' && (
          <p class="tell tell-warn">
            {w.sync.enrol_again}{' '}
            <a class="button" href={to('enrol')}>
              {w.enrol.submit}
            </a>
          </p>
        )}
        {run?.state === 'update-app' && <p class="tell tell-warn">{w.sync.update}</p>}
      </div>
      <section class="card">
        <h2>{w.sync.counts}</h2>
        <dl class="fields">
          <div>
            <dt>{w.sync.last}</dt>
            <dd>{now?.last_contact == null ? w.sync.never : instant(now.last_contact)}</dd>
          </div>
          {counts.map(([which, count]) => (
            <div>
              <dt>{w.sync[which]}</dt>
              <dd>{count}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Receipts wrong={setTrouble} />
      <Storage />
      <Log />
    </Page>
  );
}

/** What needs a person comes first, then what waits, then the rest; the latest first in each. */
const ORDER: ReceiptState[] = ['quarantined', 'parked', 'unsent', 'accepted'];

function Receipts(props: { wrong: (trouble: Trouble) => void }) {
  const w = words.value;
  const asked = useAsk('receipts', {});
  const [all, showAll] = useState(false);
  if (asked.data === null) return <Waiting trouble={asked.trouble} again={asked.again} />;
  const sorted = ORDER.flatMap((which) => (asked.data ?? []).filter((one) => one.state === which));
  const shown = all ? sorted : sorted.slice(0, LINES);
  return (
    <section class="card">
      <h2>{w.sync.records}</h2>
      {shown.length === 0 && <p class="quiet">{w.sync.nothing}</p>}
      <ul class="lines">
        {shown.map((one) => (
          <Receipt key={one.record} receipt={one} wrong={props.wrong} />
        ))}
      </ul>
      {shown.length < sorted.length && (
        <button type="button" class="button button-wide" onClick={() => showAll(true)}>
          {w.sync.show_all(sorted.length)}
        </button>
      )}
    </section>
  );
}

function Receipt(props: { receipt: ReceiptLine; wrong: (trouble: Trouble) => void }) {
  const w = words.value;
  const one = props.receipt;
  const told = one.outcome === null ? coded(w.sync.kind, one.kind) : coded(w.outcome, one.outcome);
  return (
    <li>
      <p>
        <Chip tone={one.state === 'quarantined' || one.state === 'parked' ? 'warn' : one.state === 'accepted' ? 'accent' : 'plain'}>{w.sync[one.state]}</Chip>{' '}
        <strong>{told}</strong>
      </p>
      <p class="quiet">
        {one.unit !== null && one.place !== null && <a href={to('unit', [one.unit])}>{placeText(one.place)}</a>} {instant(one.recorded_at)}
      </p>
      {one.words !== null && <p>{said(one.words)}</p>}
      <p class="actions">
        {one.draft !== null && (
          <button type="button" class="button" onClick={() => void reopen(one).catch((why: unknown) => props.wrong(troubleOf(why)))}>
            {w.sync.reopen}
          </button>
        )}
        {one.can_withdraw && one.state !== 'accepted' && (
          <button
            type="button"
            class="button"
            onClick={() => {
              port()
                .ask('withdraw', { record: one.record, reason: '' })
                .catch((why: unknown) => props.wrong(troubleOf(why)));
            }}
          >
            {w.sync.withdraw}
          </button>
        )}
      </p>
    </li>
  );
}

function Storage() {
  const w = words.value;
  const now = host.value;
  if (now === null || now.used_bytes === null) return null;
  return (
    <section class="card">
      <h2>{w.sync.storage}</h2>
      <p>{now.quota_bytes === null ? w.sync.used_only(bytes(now.used_bytes)) : w.sync.used(bytes(now.used_bytes), bytes(now.quota_bytes))}</p>
      {now.persisted !== null && <p class={now.persisted ? 'quiet' : 'tell tell-warn'}>{now.persisted ? w.sync.persisted : w.sync.not_persisted}</p>}
    </section>
  );
}

/** 联络记录 – for support; times and counts, nobody's name. */
function Log() {
  const w = words.value;
  const asked = useAsk('exchanges', {});
  const lines = asked.data ?? [];
  return (
    <section class="card">
      <h2>{w.sync.log}</h2>
      <p class="hint">{w.sync.log_text}</p>
      {lines.length === 0 && <p class="quiet">{w.sync.no_log}</p>}
      <ul class="lines">
        {lines.slice(0, 5).map((one) => (
          <li>
            {instant(one.at)} · {w.sync.result(one.accepted, one.put_aside, one.brought)}
          </li>
        ))}
      </ul>
      {0 < lines.length && (
        <button type="button" class="button button-wide" onClick={() => exportLog(lines)}>
          {w.sync.export}
        </button>
      )}
    </section>
  );
}

function exportLog(lines: ExchangeLine[]): void {
  const now = state.value;
  const head = [`app ${now?.app ?? ''}`, `enrolment ${now?.who?.enrolment ?? ''}`, `host ${host.value?.host ?? ''}`, JSON.stringify(now?.outbox ?? {}), ''];
  const rows = lines.map((one) => [one.at, one.accepted, one.put_aside, one.brought].join('\t'));
  const text = [...head, 'at\taccepted\tput aside\tbrought', ...rows, ''].join('\n');
  const link = document.createElement('a');
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.href = address;
  link.download = 'ruhu-sync.txt';
  link.click();
  URL.revokeObjectURL(address);
}
