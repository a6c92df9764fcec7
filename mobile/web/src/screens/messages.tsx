// 消息 – what waits for an answer of this worker: doors to ask at again, questions about records of his own, lines of the ledger
// about him.
import { state, useAsk } from '../store';
import { to } from '../route';
import { day, period, words } from '../words';
import { Chip } from '../ui/marks';
import { Page, Waiting } from '../ui/page';
import { lineText, stageOf } from './messages/line';
import type { FindingView, LineView, RevisitView } from '../port/types';

/** 消息 – re-visits by their day, then questions about records, then lines of the ledger. */
export function MessagesScreen() {
  const w = words.value;
  const asked = useAsk('messages', {}, true);
  const all = asked.data;
  return (
    <Page title={w.messages.title} back={to('today')}>
      {all === null ? (
        <Waiting trouble={asked.trouble} again={asked.again} />
      ) : (
        <>
          {all.revisits.length + all.findings.length + all.lines.length === 0 && <p class="quiet">{w.messages.none}</p>}
          {0 < all.revisits.length && (
            <section class="card messages-revisits">
              <h2>{w.revisit.title}</h2>
              <ul class="message-lines">
                {all.revisits.map((one) => (
                  <RevisitLine key={one.key} of={one} />
                ))}
              </ul>
            </section>
          )}
          {0 < all.findings.length && (
            <section class="card messages-findings">
              <h2>{w.finding.list}</h2>
              <ul class="message-lines">
                {all.findings.map((one) => (
                  <FindingLine key={one.id} of={one} />
                ))}
              </ul>
            </section>
          )}
          {0 < all.lines.length && (
            <section class="card messages-lines">
              <h2>{w.line.list}</h2>
              <ul class="message-lines">
                {all.lines.map((one) => (
                  <LedgerLine key={one.id} of={one} finding={all.findings.find((finding) => finding.id === one.finding)} />
                ))}
              </ul>
            </section>
          )}
        </>
      )}
    </Page>
  );
}

function RevisitLine(props: { of: RevisitView }) {
  const w = words.value;
  const one = props.of;
  const due = day(one.due, state.value?.today ?? '');
  return (
    <li>
      <a class="message" href={to('revisit', [one.key])}>
        <strong>{one.place}</strong>
        <span>
          <Chip tone={one.answer === null ? 'accent' : 'plain'}>{one.answer === null ? w.revisit.open : w.revisit.answered}</Chip>{' '}
          {one.answer === null && (one.overdue ? w.revisit.overdue(due) : w.revisit.due(due))}
        </span>
      </a>
    </li>
  );
}

function FindingLine(props: { of: FindingView }) {
  const w = words.value;
  const one = props.of;
  const today = state.value?.today ?? '';
  return (
    <li>
      <a class="message" href={to('finding', [one.id])}>
        <strong>{w.finding.of(day(one.visited_on, today))}</strong>
        {one.place !== null && <span>{one.place.label}</span>}
        <span>
          <Chip tone={one.stage === 'asked' ? 'accent' : 'plain'}>{one.ruling === 'cleared' ? w.finding.ruling.cleared : w.finding.stage[one.stage]}</Chip>{' '}
          {one.stage === 'asked' && w.finding.account_until(day(one.reply_by, today))}
          {one.may_appeal && one.appeal_by !== null && w.finding.appeal_until(day(one.appeal_by, today))}
        </span>
      </a>
    </li>
  );
}

function LedgerLine(props: { of: LineView; finding: FindingView | undefined }) {
  const w = words.value;
  const one = props.of;
  const today = state.value?.today ?? '';
  const about = one.completion !== null ? period(one.completion.period) : props.finding === undefined ? w.line.rule(one.rule) : w.finding.of(day(props.finding.visited_on, today));
  return (
    <li>
      <a class="message" href={to('line', [one.id])}>
        <strong>{lineText(one)}</strong>
        <span>{about}</span>
        <span>
          <Chip tone={one.may_reply ? 'accent' : 'plain'}>{w.line.stage[stageOf(one)]}</Chip> {one.may_reply && w.line.reply_until(day(one.reply_by, today))}
          {one.may_appeal && one.appeal_by !== null && w.line.appeal_until(day(one.appeal_by, today))}
        </span>
      </a>
    </li>
  );
}

/** 今日 – one quiet line, where something waits. */
export function WaitingLine(props: { count: number }) {
  if (props.count === 0) return null;
  return (
    <p class="waiting-line">
      <a href={to('messages')}>{words.value.messages.waiting(props.count)}</a>
    </p>
  );
}
