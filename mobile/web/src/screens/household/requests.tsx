// 诉求与隐患 – where each stands, and what the worker says of it.
import { useState } from 'preact/hooks';
import { port, state, tell, troubleOf } from '../../store';
import { day, words } from '../../words';
import { Line, problemsAt } from '../../ui/form';
import { Chip } from '../../ui/marks';
import { TroubleBox } from '../../ui/page';
import type { Household, OpenRequest, RequestSaid, Trouble } from '../../port/types';

/** What was asked for on visits and is not at its end yet. */
export function Requests(props: { sheet: Household; put: (sheet: Household) => void }) {
  const w = words.value;
  if (props.sheet.requests.length === 0) return null;
  return (
    <section class="card requests">
      <h2>{w.unit.requests}</h2>
      {!props.sheet.open && <p class="hint">{w.request.masked}</p>}
      <ul class="lines">
        {props.sheet.requests.map((one) => (
          <li key={one.id}>
            <Request unit={props.sheet.unit} of={one} put={props.put} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Request(props: { unit: string; of: OpenRequest; put: (sheet: Household) => void }) {
  const w = words.value;
  const one = props.of;
  const [saying, say] = useState<RequestSaid | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const answer = (said: RequestSaid, what: string) => {
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    port()
      .ask('answer_request', { unit: props.unit, request: one.id, answer: said, words: what })
      .then(
        (sheet) => {
          say(null);
          props.put(sheet);
          tell({ words: w.visit.saved, more: `${one.hazard ? w.unit.hazard : w.unit.request} · ${w.request.said[said]}` });
        },
        (why: unknown) => setTrouble(troubleOf(why)),
      )
      .finally(() => setBusy(false));
  };
  return (
    <>
      <p>
        <Chip tone={one.hazard ? 'warn' : 'plain'}>{one.hazard ? w.unit.hazard : w.unit.request}</Chip>{' '}
        <Chip tone={one.to_tell ? 'accent' : 'plain'}>{standing(one)}</Chip> {one.overdue && <span class="chip chip-overdue">{w.request.overdue}</span>}{' '}
        <span class="quiet request-on">{day(one.on, state.value?.today ?? '')}</span>
      </p>
      {one.words !== '' && <p>{one.words}</p>}
      {one.more !== '' && <p class="quiet">{one.more}</p>}
      {one.result !== '' && (
        <p class="tell">
          <strong>{w.request.result}</strong> {one.result}
        </p>
      )}
      {saying === null ? (
        <>
          <TroubleBox trouble={trouble} />
          <Answers of={one} busy={busy} say={(said) => (said === 'told' ? answer(said, '') : say(said))} />
        </>
      ) : (
        <Why said={saying} trouble={trouble} busy={busy} send={(what) => answer(saying, what)} onClose={() => say(null)} />
      )}
    </>
  );
}

/** Where it stands, in one short line. */
function standing(one: OpenRequest): string {
  const w = words.value.request;
  const due = one.due === null ? '' : w.due(Number(one.due.slice(5, 7)), Number(one.due.slice(8)));
  switch (one.step) {
    case 'passed_up':
      return [one.owner === '' ? w.passed_up : w.passed_up_to(one.owner), due].filter((part) => part !== '').join(w.and);
    case 'assigned':
      return [one.mine ? w.mine : w.assigned(one.owner === '' ? w.somebody : one.owner), due].filter((part) => part !== '').join(w.and);
    case 'handled':
      return w.handled;
    case 'replied':
      return w.told;
    case 'closed':
      return w.closed;
    default:
      return w.noticed;
  }
}

function Answers(props: { of: OpenRequest; busy: boolean; say: (said: RequestSaid) => void }) {
  const w = words.value;
  if (props.of.answers.length === 0) return null;
  return (
    <p class="actions">
      {props.of.answers.map((said, nth) => (
        <button key={said} type="button" class={nth === 0 ? 'button button-strong' : 'button'} disabled={props.busy} onClick={() => props.say(said)}>
          {w.request.said[said]}
        </button>
      ))}
    </p>
  );
}

/** One line of words: what was done, or whose it is. */
function Why(props: { said: RequestSaid; trouble: Trouble | null; busy: boolean; send: (what: string) => void; onClose: () => void }) {
  const w = words.value;
  const [what, put] = useState('');
  const { said, trouble } = props;
  return (
    <form
      class="request-words"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.send(what);
      }}
    >
      {trouble?.problems.length === 0 && <TroubleBox trouble={trouble} />}
      <Line label={said === 'handled' ? w.request.what_done : w.request.whose} value={what} length={200} put={put} wrong={problemsAt(trouble?.problems ?? [], 'words')} focus />
      <p class="actions">
        <button type="submit" class="button button-strong" disabled={props.busy}>
          {props.busy ? w.saving : w.request.said[said]}
        </button>
        <button type="button" class="button" onClick={props.onClose}>
          {w.cancel}
        </button>
      </p>
    </form>
  );
}
