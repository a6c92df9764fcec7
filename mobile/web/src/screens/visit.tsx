import { useEffect, useRef, useState } from 'preact/hooks';
import { port, tell, troubleOf, useAsk } from '../store';
import { go, route, to } from '../route';
import { said, words } from '../words';
import { placeText, Sure } from '../ui/marks';
import { Page, SyncNow, TroubleBox, Waiting } from '../ui/page';
import { DraftKeeper } from './visit/draft';
import { OutcomePart } from './visit/outcome';
import { ChangesPart } from './visit/changes';
import { Extras } from './visit/extras';
import { isGone, leave } from './household';
import { LessonHint } from './practice';
import { Questions } from './visit/questions';
import type { Forms, Household, OutcomeForm, Trouble, VisitForm } from '../port/types';

/** What each part of the form is given. */
export interface Part {
  form: VisitForm;
  put: (some: Partial<VisitForm>) => void;
  sheet: Household;
  forms: Forms;
  trouble: Trouble | null;
}

/** An outcome with nothing said yet about it. */
export function outcomeOf(code: string): OutcomeForm {
  return { code, note_left: false, do_not_ask_until: null, informant: null, left_on: null };
}

/** 走访 – one form, kept at each step. */
export function VisitScreen(props: { unit: string }) {
  const w = words.value;
  const correcting = route.value.query.get('correct');
  const sheet = useAsk('household', { unit: props.unit });
  const forms = useAsk('forms', {}, true);
  const [form, setForm] = useState<VisitForm | null>(null);
  const [lost, setLost] = useState<Trouble | null>(null);
  const [round, again] = useState(0);
  const gone = sheet.data === null && isGone(sheet.trouble);
  useEffect(() => {
    if (gone) leave();
  }, [gone]);
  useEffect(() => {
    const query = route.value.query;
    const first = correcting === null ? port().ask('draft', { unit: props.unit }) : port().ask('correct', { record: correcting });
    first.then(
      (draft) => {
        const code = query.get('outcome') ?? '';
        const fresh = draft.outcome === null && code !== '' && correcting === null;
        setForm(fresh ? { ...draft, outcome: outcomeOf(code), nothing_changed: query.get('same') === '1' } : draft);
      },
      (why: unknown) => setLost(troubleOf(why)),
    );
  }, [props.unit, correcting, round]);
  if (form === null || sheet.data === null || forms.data === null) {
    return (
      <Page title={w.visit.title} back={to('unit', [props.unit])}>
        <Waiting
          trouble={lost ?? sheet.trouble ?? forms.trouble}
          again={() => {
            setLost(null);
            again((n) => n + 1);
            sheet.again();
            forms.again();
          }}
        />
      </Page>
    );
  }
  return <Filling key={form.unit} first={form} sheet={sheet.data} show={sheet.put} forms={forms.data} correcting={correcting !== null} />;
}

function Filling(props: { first: VisitForm; sheet: Household; show: (sheet: Household) => void; forms: Forms; correcting: boolean }) {
  const w = words.value;
  const { sheet } = props;
  const [form, setForm] = useState(props.first);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const [dropping, drop] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  const [unkept, setUnkept] = useState<Trouble | null>(null);
  const [keeper] = useState(() => new DraftKeeper(setUnkept));
  useEffect(() => keeper.watch(), []);
  // All problems are shown together; the first of them comes into sight.
  useEffect(() => {
    if (trouble !== null) box.current?.querySelector('.trouble, .wrong')?.scrollIntoView({ block: 'center' });
  }, [trouble]);
  const put = (some: Partial<VisitForm>) =>
    setForm((old) => {
      const next = { ...old, ...some };
      keeper.keep(next);
      return next;
    });
  const save = async () => {
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    await keeper.stop();
    try {
      const saved = await port().ask('save', form);
      const outcome = form.outcome === null ? '' : (w.outcome[form.outcome.code as keyof typeof w.outcome] ?? form.outcome.code);
      tell({
        words: w.visit.saved,
        more: [placeText(sheet.place), outcome, w.today.progress(saved.done, saved.due)].join(' · '),
        ...(saved.record === '' ? {} : { undo: { record: saved.record, fields: saved.fields_changed } }),
      });
      go(saved.next === null ? to('today') : to('unit', [saved.next.unit]), true);
    } catch (why: unknown) {
      setTrouble(troubleOf(why));
      setBusy(false);
      keeper.resume(form);
    }
  };
  const part: Part = { form, put, sheet, forms: props.forms, trouble };
  return (
    <Page
      title={props.correcting ? w.visit.correct_title : placeText(sheet.place)}
      back={to('unit', [form.unit])}
      bar={
        <div class="bar">
          <button type="submit" form="visit" class="button button-strong button-wide" disabled={busy}>
            {busy ? w.saving : w.save}
          </button>
        </div>
      }
    >
      <form
        id="visit"
        ref={box}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <LessonHint dwelling={sheet.dwelling} />
        <Problems trouble={trouble} />
        {unkept !== null && (
          <TroubleBox title={w.visit.unkept} trouble={unkept} again={() => keeper.now()}>
            <SyncNow />
          </TroubleBox>
        )}
        <OutcomePart {...part} />
        <ChangesPart {...part} show={props.show} />
        <Questions {...part} />
        <Extras {...part} />
        {!props.correcting && (
          <p>
            <button type="button" class="button button-wide" onClick={() => drop(true)}>
              {w.visit.drop}
            </button>
          </p>
        )}
      </form>
      {dropping && (
        <Sure
          title={w.visit.drop}
          text={w.visit.drop_ask}
          yes={w.visit.drop}
          onYes={() => {
            void keeper
              .stop()
              .then(() => port().ask('drop_draft', { unit: form.unit }))
              .then(() => go(to('unit', [form.unit]), true))
              .catch((why: unknown) => {
                setTrouble(troubleOf(why));
                keeper.resume(form);
              });
          }}
          onClose={() => drop(false)}
        />
      )}
    </Page>
  );
}

/** Everything wrong at once, said again at each field. */
function Problems(props: { trouble: Trouble | null }) {
  const w = words.value;
  const { trouble } = props;
  if (trouble === null) return null;
  if (trouble.problems.length === 0) return <TroubleBox trouble={trouble}>{trouble.remedy === 'try-later' && <SyncNow />}</TroubleBox>;
  return (
    <div class="trouble" role="alert">
      <strong>{w.trouble.together(trouble.problems.length)}</strong>
      <ul>
        {trouble.problems.map((one) => (
          <li>{said(one.words)}</li>
        ))}
      </ul>
    </div>
  );
}
