// 消息 – what waits for an answer of this worker: doors to ask at again, questions about records of his own.
import { state, useAsk } from '../store';
import { to } from '../route';
import { day, words } from '../words';
import { Chip } from '../ui/marks';
import { Page, Waiting } from '../ui/page';
import type { FindingView, RevisitView } from '../port/types';

/** 消息 – re-visits by their day, then questions about records. */
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
          {all.revisits.length + all.findings.length === 0 && <p class="quiet">{w.messages.none}</p>}
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

/** 今日 – one quiet line, where something waits. */
export function WaitingLine(props: { count: number }) {
  if (props.count === 0) return null;
  return (
    <p class="waiting-line">
      <a href={to('messages')}>{words.value.messages.waiting(props.count)}</a>
    </p>
  );
}
