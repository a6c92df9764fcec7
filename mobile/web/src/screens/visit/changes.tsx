import { useState } from 'preact/hooks';
import { port, state, troubleOf } from '../../store';
import { coded, label, words } from '../../words';
import { Field, Line, Pick, problemsAt } from '../../ui/form';
import { Sheet } from '../../ui/marks';
import { TroubleBox } from '../../ui/page';
import type { Part } from '../visit';
import { keysOf, newcomer, set, valueIn } from './fields';
import type { ChangeForm, FieldView, Household, Trouble } from '../../port/types';

type Kind = 'moved_in' | 'moved_out' | 'birth' | 'death' | 'phone' | 'head' | 'tenure' | 'category_in' | 'category_out' | 'correction';

/** The fields that are asked of somebody who joins. */
const JOINING = ['name', 'relation', 'sex', 'birth', 'phone'];

type Props = Part & { show: (sheet: Household) => void };

/** 变化 – one small step for each thing that changed. */
export function ChangesPart(props: Props) {
  const w = words.value;
  const { form, put, sheet, forms } = props;
  const [choosing, choose] = useState(false);
  const shape = forms.outcomes.find((one) => one.code === form.outcome?.code);
  if (shape === undefined || form.nothing_changed || sheet.unit.startsWith('vacant/')) return null;
  if (!shape.met && form.changes.length === 0) return null;
  const add = (kind: Kind) => {
    choose(false);
    const joins = kind === 'moved_in' || kind === 'birth';
    const today = state.value?.today ?? null;
    const leaves = kind === 'moved_out' || kind === 'death';
    const one: ChangeForm = { kind, person: joins ? newcomer(form) : null, on: joins || leaves ? today : null, category: null };
    put({ changes: [...form.changes, one] });
  };
  const wrong = problemsAt(props.trouble?.problems ?? [], 'changes');
  return (
    <section class="part card">
      <h2>{w.visit.changes}</h2>
      {form.changes.map((one, nth) => (
        <Step {...props} key={nth} change={one} nth={nth} />
      ))}
      {wrong !== '' && <p class="problem">{wrong}</p>}
      <button type="button" class="button button-wide" onClick={() => choose(true)}>
        + {w.visit.add_change}
      </button>
      {choosing && (
        <Sheet title={w.visit.which_change} onClose={() => choose(false)}>
          <div class="adds">
            {Object.entries(w.change).map(([kind, text]) => (
              <button type="button" class="button" key={kind} onClick={() => add(kind as Kind)}>
                {text}
              </button>
            ))}
          </div>
        </Sheet>
      )}
    </section>
  );
}

function Step(props: Props & { change: ChangeForm; nth: number }) {
  const w = words.value;
  const { form, put, change, nth } = props;
  const drop = () => {
    const changes = form.changes.filter((_, at) => at !== nth);
    const gone = keysOf(change);
    // 更正 owns whatever no other step speaks of.
    const stays = (key: string) => (change.kind === 'correction' ? changes.some((one) => keysOf(one)(key)) : !gone(key));
    put({ changes, fields: form.fields.filter((one) => stays(one.key)) });
  };
  return (
    <fieldset class="item">
      <legend>{coded(w.change, change.kind)}</legend>
      <StepFields {...props} />
      <button type="button" class="button" onClick={drop}>
        {w.remove}
      </button>
    </fieldset>
  );
}

function StepFields(props: Props & { change: ChangeForm; nth: number }) {
  switch (props.change.kind) {
    case 'moved_in':
    case 'birth':
      return <Joins {...props} />;
    case 'moved_out':
    case 'death':
      return <Leaves {...props} />;
    case 'phone':
      return <HouseField {...props} of={['p/phone', 'p/phone2']} />;
    case 'tenure':
      return <HouseField {...props} of={['p/tenure']} />;
    case 'head':
      return <HouseField {...props} of={['p/head']} />;
    case 'category_in':
      return <CategoryIn {...props} />;
    case 'category_out':
      return <CategoryOut {...props} />;
    default:
      return <Correction {...props} />;
  }
}

type StepProps = Props & { change: ChangeForm; nth: number };

/** One field of the household's document inside a step. */
function Kept(props: StepProps & { field: FieldView; at: string }) {
  return (
    <Field
      field={props.field}
      members={props.sheet.members}
      value={valueIn(props.form, props.at) ?? props.field.value}
      put={(value) => props.put(set(props.form, props.at, value))}
      wrong={problemsAt(props.trouble?.problems ?? [], props.at)}
    />
  );
}

function change(props: StepProps, some: Partial<ChangeForm>): { changes: ChangeForm[] } {
  return { changes: props.form.changes.map((one, at) => (at === props.nth ? { ...one, ...some } : one)) };
}

function Joins(props: StepProps) {
  const w = words.value;
  const person = props.change.person ?? '';
  const fields = props.forms.member.filter((field) => JOINING.includes(field.key));
  const born = props.change.kind === 'birth';
  return (
    <>
      {JOINING.map((key) => {
        const field = fields.find((one) => one.key === key);
        return field === undefined || (born && key === 'phone') ? null : <Kept {...props} field={field} at={`m/${person}/${key}`} />;
      })}
      <Line
        label={w.visit.on}
        type="date"
        max={state.value?.today}
        value={props.change.on ?? ''}
        put={(on) => props.put({ ...change(props, { on: on === '' ? null : on }), ...set(props.form, `m/${person}/joined`, on) })}
      />
    </>
  );
}

function Leaves(props: StepProps) {
  const w = words.value;
  const { change: now, form, put, sheet } = props;
  const leave = (person: string | null, on: string | null) => {
    const before = now.person === null ? form : { ...form, ...set(form, `m/${now.person}/left`, null) };
    // Who left is told by the day; without one it is the day of recording.
    const day = on ?? state.value?.today ?? '';
    put({ ...change(props, { person, on }), ...(person === null ? { fields: before.fields } : set(before, `m/${person}/left`, day)) });
  };
  return (
    <>
      <Pick
        label={w.visit.person}
        value={now.person ?? ''}
        options={sheet.members.map((one) => ({ id: one.person, text: one.name }))}
        put={(person) => leave(person === '' ? null : person, now.on)}
      />
      <Line label={w.visit.on} type="date" max={state.value?.today} value={now.on ?? ''} put={(on) => leave(now.person, on === '' ? null : on)} />
    </>
  );
}

/** The household must stand open before its data is changed: masked values are no values. */
function MustOpen(props: Props) {
  const w = words.value;
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  if (props.sheet.locked) return <p class="tell tell-warn">{w.unit.lease}</p>;
  return (
    <>
      <p class="hint">{w.visit.must_open}</p>
      <TroubleBox trouble={trouble} />
      <button
        type="button"
        class="button button-wide"
        onClick={() => {
          port()
            .ask('open', { unit: props.sheet.unit })
            .then(props.show, (why: unknown) => setTrouble(troubleOf(why)));
        }}
      >
        {w.unit.open}
      </button>
    </>
  );
}

function HouseField(props: StepProps & { of: string[] }) {
  if (!props.sheet.open) return <MustOpen {...props} />;
  const fields = props.sheet.fields.filter((field) => props.of.includes(field.key));
  return (
    <>
      {fields.map((field) => (
        <Kept {...props} key={field.key} field={field} at={field.key} />
      ))}
    </>
  );
}

function CategoryIn(props: StepProps) {
  const w = words.value;
  const { change: now, form, put, sheet, forms } = props;
  if (forms.categories.length === 0) return <p class="hint">{w.visit.no_forms}</p>;
  const category = forms.categories.find((one) => one.id === now.category);
  const choose = (some: Partial<ChangeForm>) => {
    const gone = keysOf(now);
    const next = { ...now, ...some };
    const fields = form.fields.filter((one) => !gone(one.key));
    const since = { key: `m/${next.person ?? ''}/c/${next.category ?? ''}/since`, value: state.value?.today ?? '' };
    put({ ...change(props, some), fields: next.person !== null && next.category !== null ? [...fields, since] : fields });
  };
  return (
    <>
      <Pick
        label={w.visit.person}
        value={now.person ?? ''}
        options={sheet.members.filter((one) => !one.child).map((one) => ({ id: one.person, text: one.name }))}
        put={(person) => choose({ person: person === '' ? null : person })}
      />
      <Pick
        label={w.visit.category}
        value={now.category ?? ''}
        options={forms.categories.map((one) => ({ id: one.id, text: label(one) }))}
        put={(id) => choose({ category: id === '' ? null : id })}
      />
      {now.person !== null &&
        category?.fields
          .filter((field) => !field.key.endsWith('/until'))
          .map((field) => <Kept {...props} key={field.key} field={field} at={`m/${now.person ?? ''}/${field.key}`} />)}
    </>
  );
}

function CategoryOut(props: StepProps) {
  const w = words.value;
  const { change: now, form, put, sheet } = props;
  if (!sheet.open) return <MustOpen {...props} />;
  const held = sheet.members.flatMap((one) => one.categories.map((chip) => ({ id: `${one.person} ${chip.id}`, text: `${one.name} ${label(chip)}` })));
  if (held.length === 0) return <p class="hint">{w.visit.no_category}</p>;
  const leave = (person: string | null, category: string | null, on: string | null) => {
    const gone = keysOf(now);
    const fields = form.fields.filter((one) => !gone(one.key));
    const day = on ?? state.value?.today ?? '';
    const until = { key: `m/${person ?? ''}/c/${category ?? ''}/until`, value: day };
    put({ ...change(props, { person, category, on }), fields: person === null ? fields : [...fields, until] });
  };
  return (
    <>
      <Pick
        label={w.visit.category}
        value={now.person === null ? '' : `${now.person} ${now.category ?? ''}`}
        options={held}
        put={(both) => {
          const [person, category] = both.split(' ');
          leave(person === undefined || person === '' ? null : person, category ?? null, now.on);
        }}
      />
      <Line label={w.visit.on} type="date" max={state.value?.today} value={now.on ?? ''} put={(on) => leave(now.person, now.category, on === '' ? null : on)} />
    </>
  );
}

/** 更正 – the roster was wrong: whichever field it is. */
function Correction(props: StepProps) {
  const w = words.value;
  const { sheet, form, change: now } = props;
  const [chosen, choose] = useState<string[]>([]);
  if (!sheet.open) return <MustOpen {...props} />;
  const all = [
    ...sheet.fields.map((field) => ({ field, text: label(field) })),
    ...sheet.members.flatMap((one) => one.fields.map((field) => ({ field, text: `${one.name} ${label(field)}` }))),
  ];
  const taken = new Set(form.changes.flatMap((one) => (one === now ? [] : form.fields.filter((field) => one.kind !== 'correction' && keysOf(one)(field.key)).map((field) => field.key))));
  const shown = all.filter(({ field }) => chosen.includes(field.key) || (valueIn(form, field.key) !== null && !taken.has(field.key)));
  return (
    <>
      {shown.map(({ field, text }) => (
        <Kept {...props} key={field.key} field={{ ...field, zh: text, en: text }} at={field.key} />
      ))}
      <Pick
        label={w.visit.which_field}
        value=""
        options={all.filter((one) => !shown.includes(one)).map(({ field, text }) => ({ id: field.key, text }))}
        put={(key) => choose([...chosen, key])}
      />
    </>
  );
}
