// 复访 – a door to ask at again: where, what to say, what the resident tells. Nothing of what was recorded there.
import { useEffect, useRef, useState } from 'preact/hooks';
import { port, state, tell, troubleOf, useAsk, useTyped } from '../../store';
import { go, to } from '../../route';
import { day, words } from '../../words';
import { Keys, Line, problemsAt, Words } from '../../ui/form';
import { Page, TroubleBox, Waiting } from '../../ui/page';
import type { RevisitForm, RevisitTold, RevisitView, Trouble } from '../../port/types';

const TOLD: readonly RevisitTold[] = ['came', 'nobody-came', 'unsure', 'not-met', 'refused'];
/** Somebody of the household spoke: how many live there can be known. */
const SPOKE: readonly (RevisitTold | null)[] = ['came', 'nobody-came', 'unsure'];

/** One door. */
export function RevisitScreen(props: { of: string }) {
  const w = words.value;
  const asked = useAsk('messages', {}, true);
  const one = asked.data?.revisits.find((task) => task.key === props.of);
  if (one !== undefined) return <Asking key={one.key} task={one} />;
  return (
    <Page title={w.revisit.title} back={to('messages')}>
      {asked.data === null ? <Waiting trouble={asked.trouble} again={asked.again} /> : <p class="quiet">{w.revisit.gone}</p>}
    </Page>
  );
}

function Asking(props: { task: RevisitView }) {
  const w = words.value;
  const { task } = props;
  const today = state.value?.today ?? '';
  const empty: RevisitForm = { key: task.key, on: today, by_phone: false, told: null, came_on: null, people: '', remark: '' };
  const [form, keep, drop] = useTyped<RevisitForm>(`revisit ${task.key}`, task.answer ?? empty);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  // What is wrong comes into sight, wherever the form was left.
  useEffect(() => {
    if (trouble !== null) box.current?.querySelector('.wrong, .trouble')?.scrollIntoView({ block: 'center' });
  }, [trouble]);
  const put = (some: Partial<RevisitForm>) => keep({ ...form, ...some });
  const wrong = (field: string) => problemsAt(trouble?.problems ?? [], field);
  const save = () => {
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    // What is not shown was not said.
    const said = { ...form, came_on: form.told === 'came' ? form.came_on : null, people: SPOKE.includes(form.told) ? form.people : '' };
    port()
      .ask('answer_revisit', said)
      .then(
        () => {
          drop();
          tell({ words: w.visit.saved, more: `${w.revisit.title} · ${task.place}` });
          go(to('messages'), true);
        },
        (why: unknown) => setTrouble(troubleOf(why)),
      )
      .finally(() => setBusy(false));
  };
  return (
    <Page
      title={w.revisit.title}
      back={to('messages')}
      bar={
        <div class="bar">
          <button type="submit" form="revisit" class="button button-strong button-wide" disabled={busy}>
            {busy ? w.saving : w.save}
          </button>
        </div>
      }
    >
      <section class="card">
        <h2>{task.place}</h2>
        <p>{task.overdue ? w.revisit.overdue(day(task.due, today)) : w.revisit.due(day(task.due, today))}</p>
        <p class="hint">{w.revisit.blind}</p>
      </section>
      <section class="card">
        <h2>{w.revisit.say}</h2>
        <ul class="marked">
          {w.revisit.say_list.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      </section>
      {task.answer !== null && <p class="tell">{w.revisit.again}</p>}
      <form
        id="revisit"
        ref={box}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TroubleBox trouble={trouble} />
        <Keys wide label={w.revisit.told} value={form.told ?? ''} options={TOLD.map((id) => ({ id, text: w.revisit.said[id] }))} put={(id) => put({ told: TOLD.find((one) => one === id) ?? null })} wrong={wrong('told')} />
        {form.told === 'came' && <Line label={w.revisit.came_on} hint={w.optional} type="date" max={form.on} value={form.came_on ?? ''} put={(on) => put({ came_on: on === '' ? null : on })} wrong={wrong('came-on')} />}
        {SPOKE.includes(form.told) && <Line label={w.revisit.people} hint={w.optional} type="number" min="0" max="99" value={form.people} put={(people) => put({ people })} wrong={wrong('people')} />}
        <Keys
          label={w.revisit.how}
          value={form.by_phone ? 'phone' : 'door'}
          options={[
            { id: 'door', text: w.revisit.in_person },
            { id: 'phone', text: w.revisit.by_phone },
          ]}
          put={(id) => put({ by_phone: id === 'phone' })}
        />
        <Line label={w.revisit.on} type="date" max={today} value={form.on} put={(on) => put({ on })} wrong={wrong('visited-on')} />
        <Words label={w.revisit.remark} value={form.remark} put={(remark) => put({ remark })} />
      </form>
    </Page>
  );
}
