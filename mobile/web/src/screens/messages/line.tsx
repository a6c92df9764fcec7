// 奖惩事项 – a line of the ledger about oneself: what a person proposes, by which words of which rule, what it rests on, and how
// to answer and to appeal. Nothing here adds lines up.
import { port, state, useAsk } from '../../store';
import { to } from '../../route';
import { day, period, words } from '../../words';
import { Chip } from '../../ui/marks';
import { Page, Waiting } from '../../ui/page';
import { Card, Typed, WordsForm } from './course';
import type { LineStanding, LineView, Messages } from '../../port/types';

/** What is proposed, and how much. */
export function lineText(of: LineView): string {
  const w = words.value.line;
  return w.what(w.kind[of.kind], amountText(of));
}

/** Where it stands; what was confirmed and cannot change any more holds. */
export function stageOf(of: LineView): LineStanding | 'holds' {
  return of.standing === 'confirmed' && of.ended ? 'holds' : of.standing;
}

function amountText(of: LineView): string {
  const w = words.value.line;
  return of.bonus_percent === null ? w.unset : w.bonus(of.bonus_percent);
}

/** One line, from the proposal to the last word. */
export function LineScreen(props: { of: string }) {
  const w = words.value;
  const asked = useAsk('messages', {}, true);
  const one = asked.data?.lines.find((line) => line.id === props.of);
  return (
    <Page title={w.line.title} back={to('messages')}>
      {one !== undefined && asked.data !== null ? (
        <Course key={one.id} of={one} all={asked.data} put={asked.put} />
      ) : asked.data === null ? (
        <Waiting trouble={asked.trouble} again={asked.again} />
      ) : (
        <p class="quiet">{w.line.gone}</p>
      )}
    </Page>
  );
}

interface Part {
  of: LineView;
  put: (all: Messages) => void;
}

function Course(props: Part & { all: Messages }) {
  const w = words.value.line;
  const one = props.of;
  const open = one.standing === 'draft' || one.standing === 'answered';
  return (
    <>
      <Card title={w.proposed}>
        <p>
          <strong>{lineText(one)}</strong> <Chip tone={one.may_reply ? 'accent' : 'plain'}>{w.stage[stageOf(one)]}</Chip>
        </p>
        {open && <p class="tell">{w.nothing_yet}</p>}
        <p>{w.by_rule(one.rule)}</p>
        <blockquote class="breaks" lang="zh-CN">
          {one.quote}
        </blockquote>
        {one.bonus_percent === null && <p class="quiet">{w.unset_text}</p>}
        {0 < one.released.length && <p class="quiet breaks">{w.released(one.released.join(w.and))}</p>}
      </Card>
      <Card title={w.ground}>
        <Ground of={one} all={props.all} />
        <Typed words={one.reason} />
      </Card>
      {one.may_reply && <ReplyForm {...props} />}
      {one.reply !== '' && (
        <Card title={w.yours}>
          <Typed words={one.reply} noted={one.reply_noted} />
          {one.standing === 'answered' && <p class="quiet">{w.answered}</p>}
        </Card>
      )}
      <Decision of={one} />
      {one.may_appeal && <AppealForm {...props} />}
      {one.appeal_words !== '' && (
        <Card title={w.appeal}>
          <Typed words={one.appeal_words} noted={one.appeal_noted} />
          {one.standing === 'appealed' && <p class="quiet">{w.appealed}</p>}
        </Card>
      )}
      {one.reversed !== null && (
        <Card title={w.heard}>
          <p>
            <strong>{one.reversed ? w.reversed : w.upheld}</strong>
          </p>
          <Typed words={one.heard_words} />
          {one.standing === 'upheld' && one.ended && <p class="quiet">{w.holds}</p>}
        </Card>
      )}
      {one.standing === 'withdrawn' && one.reversed !== true && (
        <Card title={w.withdrawn}>
          <Typed words={one.withdrawn_words} />
          <p class="quiet">{w.withdrawn_text}</p>
        </Card>
      )}
    </>
  );
}

/** 依据 – the finding on this phone, or one's own figures of one period. */
function Ground(props: { of: LineView; all: Messages }) {
  const w = words.value.line;
  const { completion } = props.of;
  if (completion !== null) {
    return (
      <>
        <p>{w.completion(period(completion.period), completion.due, completion.done, completion.deducted, completion.outstanding, completion.requests, completion.corrections)}</p>
        <p class="quiet">{w.own_only}</p>
      </>
    );
  }
  const finding = props.all.findings.find((one) => one.id === props.of.finding);
  if (finding === undefined) return <p>{w.finding_gone}</p>;
  return (
    <p>
      <a class="button button-wide" href={to('finding', [finding.id])}>
        {w.finding(day(finding.visited_on, state.value?.today ?? ''))}
      </a>
    </p>
  );
}

/** 决定 – that a person confirmed it, why, and from when it holds. */
function Decision(props: { of: LineView }) {
  const w = words.value.line;
  const one = props.of;
  const decided = one.standing === 'confirmed' || one.standing === 'appealed' || one.standing === 'upheld';
  if (!decided && one.decided_words === '') return null;
  const today = state.value?.today ?? '';
  return (
    <Card title={w.decided}>
      <Typed words={one.decided_words} />
      <p class="quiet">{w.by_person}</p>
      {one.standing === 'confirmed' && one.appeal_by !== null && !one.may_appeal && <p class="quiet">{w.too_late(day(one.appeal_by, today))}</p>}
      {stageOf(one) === 'holds' && <p class="quiet">{w.holds}</p>}
    </Card>
  );
}

/** 本人意见. */
function ReplyForm(props: Part) {
  const w = words.value.line;
  const one = props.of;
  const ask = (typed: string) => port().ask('reply_line', { line: one.id, words: typed });
  return (
    <WordsForm id="reply-line" typed={`reply ${one.id}`} title={w.yours} label={w.what_you_say} send={w.send} put={props.put} ask={ask}>
      <p>{w.ask}</p>
      <p class="quiet">{w.reply_by(day(one.reply_by, state.value?.today ?? ''))}</p>
    </WordsForm>
  );
}

/** 申诉 – somebody else is to look at it. */
function AppealForm(props: Part) {
  const w = words.value.line;
  const one = props.of;
  const ask = (why: string) => port().ask('appeal_line', { line: one.id, words: why });
  return (
    <WordsForm id="appeal-line" typed={`appeal line ${one.id}`} title={w.appeal} label={w.why} send={w.send_appeal} put={props.put} ask={ask}>
      <p>{w.may_appeal(day(one.appeal_by ?? '', state.value?.today ?? ''))}</p>
    </WordsForm>
  );
}
