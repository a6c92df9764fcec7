import { useState } from 'preact/hooks';
import { words } from '../../words';
import { state } from '../../store';
import { Checks, Line, problemsAt, Tick, Words } from '../../ui/form';
import type { Part } from '../visit';
import type { HazardForm, RequestForm } from '../../port/types';

const KINDS = ['requests', 'hazards', 'appointment', 'note', 'note_for_next', 'came_along', 'late'] as const;
type Kind = (typeof KINDS)[number];

/** 诉求, 隐患, 改约, 备注, 留言, 同行, 补录 – each comes with one tap, and is there again when something stands in it. */
export function Extras(part: Part) {
  const w = words.value;
  const { form, put } = part;
  const [opened, open] = useState<Kind[]>([]);
  const filled: { [K in Kind]: boolean } = {
    requests: 0 < form.requests.length,
    hazards: 0 < form.hazards.length,
    appointment: form.appointment !== null,
    note: form.note !== '',
    note_for_next: form.note_for_next !== '',
    came_along: 0 < form.came_along.length,
    late: form.visited_on !== null || form.visited_at !== null,
  };
  const shown = KINDS.filter((kind) => filled[kind] || opened.includes(kind));
  const begin = (kind: Kind) => {
    open([...opened, kind]);
    if (kind === 'requests') put({ requests: [{ id: '', words: '', wanted: '', solved_on_the_spot: false }] });
    if (kind === 'hazards') put({ hazards: [{ id: '', words: '', place: '' }] });
    if (kind === 'appointment') put({ appointment: { on: '', at: null } });
  };
  return (
    <section class="part">
      {shown.map((kind) => (
        <ExtraOf key={kind} kind={kind} part={part} drop={() => open(opened.filter((one) => one !== kind))} />
      ))}
      {shown.length < KINDS.length && (
        <div role="group" aria-label={w.visit.more}>
          <h2>{w.visit.more}</h2>
          <div class="adds">
            {KINDS.filter((kind) => !shown.includes(kind)).map((kind) => (
              <button type="button" class="button" key={kind} onClick={() => begin(kind)}>
                + {w.visit[kind]}
              </button>
            ))}
          </div>
        </div>
      )}
    </section>
  );
}

function ExtraOf(props: { kind: Kind; part: Part; drop: () => void }) {
  switch (props.kind) {
    case 'requests':
      return <Requests {...props.part} />;
    case 'hazards':
      return <Hazards {...props.part} />;
    case 'appointment':
      return <Appoint {...props.part} drop={props.drop} />;
    case 'note':
      return <Note {...props.part} />;
    case 'note_for_next':
      return <NoteForNext {...props.part} />;
    case 'came_along':
      return <Along {...props.part} />;
    case 'late':
      return <Late {...props.part} />;
  }
}

function Requests({ form, put, trouble }: Part) {
  const w = words.value;
  const set = (nth: number, some: Partial<RequestForm>) =>
    put({ requests: form.requests.map((one, at) => (at === nth ? { ...one, ...some } : one)) });
  return (
    <fieldset class="card">
      <legend>{w.visit.requests}</legend>
      {form.requests.map((one, nth) => (
        <div class="item">
          <Words
            label={w.visit.request}
            value={one.words}
            put={(text) => set(nth, { words: text })}
            wrong={one.words.trim() === '' ? problemsAt(trouble?.problems ?? [], 'requests') : ''}
          />
          <Line label={w.visit.wanted} hint={w.optional} value={one.wanted} length={500} put={(wanted) => set(nth, { wanted })} />
          <Tick label={w.visit.solved} value={one.solved_on_the_spot} put={(solved_on_the_spot) => set(nth, { solved_on_the_spot })} />
          <button type="button" class="button" onClick={() => put({ requests: form.requests.filter((_, at) => at !== nth) })}>
            {w.remove}
          </button>
        </div>
      ))}
      <button
        type="button"
        class="button"
        onClick={() => put({ requests: [...form.requests, { id: '', words: '', wanted: '', solved_on_the_spot: false }] })}
      >
        + {w.visit.requests}
      </button>
    </fieldset>
  );
}

function Hazards({ form, put, trouble }: Part) {
  const w = words.value;
  const set = (nth: number, some: Partial<HazardForm>) =>
    put({ hazards: form.hazards.map((one, at) => (at === nth ? { ...one, ...some } : one)) });
  return (
    <fieldset class="card">
      <legend>{w.visit.hazards}</legend>
      {form.hazards.map((one, nth) => (
        <div class="item">
          <Words
            label={w.visit.hazard}
            value={one.words}
            put={(text) => set(nth, { words: text })}
            wrong={one.words.trim() === '' ? problemsAt(trouble?.problems ?? [], 'hazards') : ''}
          />
          <Line label={w.visit.hazard_place} hint={w.optional} value={one.place} length={500} put={(place) => set(nth, { place })} />
          <button type="button" class="button" onClick={() => put({ hazards: form.hazards.filter((_, at) => at !== nth) })}>
            {w.remove}
          </button>
        </div>
      ))}
      <button type="button" class="button" onClick={() => put({ hazards: [...form.hazards, { id: '', words: '', place: '' }] })}>
        + {w.visit.hazards}
      </button>
    </fieldset>
  );
}

function Appoint({ form, put, trouble, drop }: Part & { drop: () => void }) {
  const w = words.value;
  const agreed = form.appointment ?? { on: '', at: null };
  return (
    <fieldset class="card">
      <legend>{w.visit.appointment}</legend>
      <Line
        label={w.visit.on}
        type="date"
        min={state.value?.today}
        value={agreed.on}
        put={(on) => put({ appointment: { ...agreed, on } })}
        wrong={problemsAt(trouble?.problems ?? [], 'appointment')}
      />
      <Line label={w.visit.at} type="time" value={agreed.at ?? ''} put={(at) => put({ appointment: { ...agreed, at: at === '' ? null : at } })} />
      <button
        type="button"
        class="button"
        onClick={() => {
          drop();
          put({ appointment: null });
        }}
      >
        {w.remove}
      </button>
    </fieldset>
  );
}

function Note({ form, put, trouble }: Part) {
  return <Words label={words.value.visit.note} value={form.note} put={(note) => put({ note })} wrong={problemsAt(trouble?.problems ?? [], 'note')} />;
}

function NoteForNext({ form, put, trouble }: Part) {
  return (
    <Words
      label={words.value.visit.note_for_next}
      value={form.note_for_next}
      put={(note_for_next) => put({ note_for_next })}
      wrong={problemsAt(trouble?.problems ?? [], 'note-for-next')}
    />
  );
}

function Along({ form, put }: Part) {
  const w = words.value;
  return (
    <Checks
      label={w.visit.came_along}
      value={form.came_along}
      options={Object.entries(w.role).map(([id, text]) => ({ id, text }))}
      put={(came_along) => put({ came_along })}
    />
  );
}

/** 补录 – free of penalty, and the form says so. */
function Late({ form, put, trouble }: Part) {
  const w = words.value;
  const problems = trouble?.problems ?? [];
  return (
    <fieldset class="card">
      <legend>{w.visit.late}</legend>
      <p class="hint">{w.visit.late_text}</p>
      <Line
        label={w.visit.visited_on}
        type="date"
        max={state.value?.today}
        value={form.visited_on ?? ''}
        put={(day) => put({ visited_on: day === '' ? null : day })}
        wrong={problemsAt(problems, 'visited-on')}
      />
      <Line
        label={w.visit.visited_at}
        type="time"
        value={form.visited_at ?? ''}
        put={(at) => put({ visited_at: at === '' ? null : at })}
        wrong={problemsAt(problems, 'visited-at')}
      />
    </fieldset>
  );
}
