// 核查 – a question about a record of one's own: what was recorded, what is asked, what was said and found, and how to appeal.
import { port, state, useAsk, useTyped } from '../../store';
import { to } from '../../route';
import { coded, day, words } from '../../words';
import { Keys, problemsAt, Words } from '../../ui/form';
import { Page, TroubleBox, Waiting } from '../../ui/page';
import { Card, Typed, useSending, WordsForm } from './course';
import type { AccountSaid, FindingView, Messages } from '../../port/types';

/** One finding, from the question to the last word. */
export function FindingScreen(props: { of: string }) {
  const w = words.value;
  const asked = useAsk('messages', {}, true);
  const one = asked.data?.findings.find((finding) => finding.id === props.of);
  return (
    <Page title={w.finding.title} back={to('messages')}>
      {one !== undefined ? (
        <Course key={one.id} of={one} put={asked.put} />
      ) : asked.data === null ? (
        <Waiting trouble={asked.trouble} again={asked.again} />
      ) : (
        <p class="quiet">{w.finding.gone}</p>
      )}
    </Page>
  );
}

interface Part {
  of: FindingView;
  put: (all: Messages) => void;
}

function Course(props: Part) {
  const w = words.value;
  const one = props.of;
  const today = state.value?.today ?? '';
  const recorded = [day(one.visited_on, today), one.place?.label ?? w.finding.no_place, one.outcome === null ? '' : coded(w.outcome, one.outcome)];
  return (
    <>
      <Card title={w.finding.recorded}>
        <p>{recorded.filter((part) => part !== '').join(' · ')}</p>
      </Card>
      <Card title={w.finding.question}>
        {one.question !== '' && <p class="as-typed">{one.question}</p>}
        {one.ruling === null && <p class="tell">{w.finding.no_ruling}</p>}
      </Card>
      {0 < one.accounts.length && <AccountForm {...props} />}
      {one.account !== null && (
        <Card title={w.finding.yours}>
          <p>{w.finding.account[one.account]}</p>
          <Typed words={one.account_words} noted={one.account_noted} />
          {one.stage === 'accounted' && <p class="quiet">{w.finding.accounted}</p>}
        </Card>
      )}
      {one.ruling !== null && (
        <Card title={w.finding.found}>
          <p>
            <strong>{w.finding.ruling[one.ruling]}</strong>
          </p>
          <Typed words={one.reason} />
          <p class="quiet">{one.ruling === 'cleared' ? w.finding.cleared : w.finding.by_person}</p>
          {one.stage === 'decided' && one.appeal_by !== null && !one.may_appeal && <p class="quiet">{w.finding.too_late(day(one.appeal_by, today))}</p>}
        </Card>
      )}
      {one.may_appeal && <AppealForm {...props} />}
      {(one.stage === 'appealed' || one.stage === 'heard') && (
        <Card title={w.finding.appeal}>
          <Typed words={one.appeal_words} noted={one.appeal_noted} />
          {one.reversed === null && <p class="quiet">{w.finding.appealed}</p>}
        </Card>
      )}
      {one.reversed !== null && (
        <Card title={w.finding.heard}>
          <p>
            <strong>{one.reversed ? w.finding.reversed : w.finding.upheld}</strong>
          </p>
          <Typed words={one.heard_words} />
        </Card>
      )}
    </>
  );
}

/** 说明 – what happened, in a choice and in words. */
function AccountForm(props: Part) {
  const w = words.value;
  const one = props.of;
  const [form, keep, drop] = useTyped<{ account: AccountSaid | null; words: string }>(`account ${one.id}`, { account: null, words: '' });
  const { trouble, busy, send } = useSending(props.put, w.finding.yours, drop);
  const needs = one.accounts.some((choice) => choice.account === form.account && choice.needs_words);
  return (
    <form
      id="account"
      class="card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) send(port().ask('account', { finding: one.id, ...form }));
      }}
    >
      <h2>{w.finding.yours}</h2>
      <p>{w.finding.ask}</p>
      <p class="quiet">{w.finding.reply_by(day(one.reply_by, state.value?.today ?? ''))}</p>
      <TroubleBox trouble={trouble} />
      <Keys
        wide
        label={w.finding.what}
        value={form.account ?? ''}
        options={one.accounts.map((choice) => ({ id: choice.account, text: w.finding.account[choice.account] }))}
        put={(id) => keep({ ...form, account: one.accounts.find((choice) => choice.account === id)?.account ?? null })}
        wrong={problemsAt(trouble?.problems ?? [], 'account')}
      />
      <Words label={needs ? w.finding.words_needed : w.finding.words} value={form.words} put={(typed) => keep({ ...form, words: typed })} wrong={problemsAt(trouble?.problems ?? [], 'words')} />
      <button type="submit" class="button button-strong button-wide" disabled={busy}>
        {busy ? w.saving : w.finding.send}
      </button>
    </form>
  );
}

/** 申诉 – somebody else is to look at it. */
function AppealForm(props: Part) {
  const w = words.value.finding;
  const one = props.of;
  const ask = (why: string) => port().ask('appeal', { finding: one.id, words: why });
  return (
    <WordsForm id="appeal" typed={`appeal ${one.id}`} title={w.appeal} label={w.why} send={w.send_appeal} put={props.put} ask={ask}>
      <p>{w.may_appeal(day(one.appeal_by ?? '', state.value?.today ?? ''))}</p>
    </WordsForm>
  );
}
