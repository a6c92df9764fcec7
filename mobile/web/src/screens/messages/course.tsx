// 经过 – what the screens of one matter share, be it a question about a record or a line of the ledger: its parts, and a form
// of words that asks once.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { tell, troubleOf, useTyped } from '../../store';
import { words } from '../../words';
import { problemsAt, Words } from '../../ui/form';
import { TroubleBox } from '../../ui/page';
import type { Messages, Trouble } from '../../port/types';

/** One part of the course. */
export function Card(props: { title: string; children: ComponentChildren }) {
  return (
    <section class="card">
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** Words of a person, in their own lines; said where somebody of the office wrote them down for the worker. */
export function Typed(props: { words: string; noted?: boolean }) {
  return (
    <>
      {props.words !== '' && <p class="as-typed">{props.words}</p>}
      {props.noted === true && <p class="quiet">{words.value.finding.noted}</p>}
    </>
  );
}

/** What a form needs while it is being sent. */
export function useSending(put: (all: Messages) => void, more: string, done: () => void) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const send = (answer: Promise<Messages>) => {
    setBusy(true);
    setTrouble(null);
    answer
      .then(
        (all) => {
          done();
          put(all);
          tell({ words: words.value.visit.saved, more });
          window.scrollTo(0, 0);
        },
        (why: unknown) => setTrouble(troubleOf(why)),
      )
      .finally(() => setBusy(false));
  };
  return { trouble, busy, send };
}

/** An answer in words alone. `id` names the form, `typed` what was half typed into it. */
export function WordsForm(props: {
  id: string;
  typed: string;
  title: string;
  label: string;
  send: string;
  put: (all: Messages) => void;
  ask: (typed: string) => Promise<Messages>;
  children: ComponentChildren;
}) {
  const [typed, keep, drop] = useTyped(props.typed, '');
  const { trouble, busy, send } = useSending(props.put, props.title, drop);
  return (
    <form
      id={props.id}
      class="card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) send(props.ask(typed));
      }}
    >
      <h2>{props.title}</h2>
      {props.children}
      <TroubleBox trouble={trouble} />
      <Words label={props.label} value={typed} put={keep} wrong={problemsAt(trouble?.problems ?? [], 'words')} />
      <button type="submit" class="button button-strong button-wide" disabled={busy}>
        {busy ? words.value.saving : props.send}
      </button>
    </form>
  );
}
