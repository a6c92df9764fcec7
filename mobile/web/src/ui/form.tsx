import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { label, said, words } from '../words';
import type { FieldView, FormProblem, MemberView } from '../port/types';

/** The problems of one field, in words. */
export function problemsAt(problems: FormProblem[], field: string): string {
  return problems
    .filter((one) => one.field === field)
    .map((one) => said(one.words))
    .join('; ');
}

/** One line of a form with its label, and what is wrong with it. */
export function Row(props: {
  label: string;
  hint?: string | undefined;
  wrong?: string | undefined;
  children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: 'true' }) => ComponentChildren;
}) {
  const id = useId();
  const wrong = props.wrong !== undefined && props.wrong !== '';
  const told = [props.hint !== undefined && props.hint !== '' ? `${id}-h` : '', wrong ? `${id}-w` : ''].join(' ').trim();
  return (
    <div class={wrong ? 'row wrong' : 'row'}>
      <label for={id}>{props.label}</label>
      {props.children({
        id,
        ...(told === '' ? {} : { 'aria-describedby': told }),
        ...(wrong ? { 'aria-invalid': 'true' as const } : {}),
      })}
      {props.hint !== undefined && props.hint !== '' && (
        <p class="hint" id={`${id}-h`}>
          {props.hint}
        </p>
      )}
      {wrong && (
        <p class="problem" id={`${id}-w`}>
          {props.wrong}
        </p>
      )}
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  put: (value: string) => void;
  hint?: string | undefined;
  wrong?: string | undefined;
  type?: 'text' | 'tel' | 'date' | 'time' | 'password' | 'number' | 'search' | 'url';
  max?: string | undefined;
  min?: string | undefined;
  length?: number | undefined;
  auto?: string;
  /** Stands ready to be typed into. */
  focus?: boolean;
}

/** One and the same function: a line is made ready once, not at each key press. */
const ready = (input: HTMLInputElement | null) => input?.focus();

/** A line of text, a day, a time. */
export function Line(props: TextProps) {
  return (
    <Row label={props.label} hint={props.hint} wrong={props.wrong}>
      {(ids) => (
        <input
          {...ids}
          type={props.type ?? 'text'}
          value={props.value}
          min={props.min}
          max={props.max}
          maxLength={props.length}
          autoComplete={props.auto ?? 'off'}
          ref={props.focus === true ? ready : null}
          onInput={(event) => props.put(event.currentTarget.value)}
        />
      )}
    </Row>
  );
}

/** Several lines of text; the phone's keyboard takes dictation. */
export function Words(props: { label: string; value: string; put: (value: string) => void; wrong?: string; length?: number }) {
  return (
    <Row label={props.label} wrong={props.wrong}>
      {(ids) => (
        <textarea
          {...ids}
          rows={2}
          maxLength={props.length ?? 500}
          value={props.value}
          onInput={(event) => props.put(event.currentTarget.value)}
        />
      )}
    </Row>
  );
}

export interface Option {
  id: string;
  text: string;
}

/** One of a list; the first line is "choose" where nothing is said yet. */
export function Pick(props: {
  label: string;
  value: string;
  options: Option[];
  put: (value: string) => void;
  wrong?: string | undefined;
  hint?: string | undefined;
  empty?: string;
}) {
  return (
    <Row label={props.label} wrong={props.wrong} hint={props.hint}>
      {(ids) => (
        <select {...ids} value={props.value} onChange={(event) => props.put(event.currentTarget.value)}>
          <option value="">{props.empty ?? words.value.choose}</option>
          {props.options.map((one) => (
            <option value={one.id}>{one.text}</option>
          ))}
        </select>
      )}
    </Row>
  );
}

/** Large keys of which one is chosen. */
export function Keys(props: {
  label: string;
  value: string;
  options: Option[];
  put: (value: string) => void;
  wrong?: string | undefined;
  wide?: boolean;
}) {
  const name = useId();
  const wrong = props.wrong !== undefined && props.wrong !== '';
  return (
    <fieldset class={wrong ? 'wrong' : undefined}>
      <legend>{props.label}</legend>
      <div class={props.wide === true ? 'keys keys-wide' : 'keys'}>
        {props.options.map((one) => (
          <label class={props.value === one.id ? 'key-chosen' : undefined}>
            <input type="radio" name={name} value={one.id} checked={props.value === one.id} onChange={() => props.put(one.id)} />
            <span>{one.text}</span>
          </label>
        ))}
      </div>
      {wrong && <p class="problem">{props.wrong}</p>}
    </fieldset>
  );
}

/** Large keys of which any may be chosen. */
export function Checks(props: { label: string; value: string[]; options: Option[]; put: (value: string[]) => void; wrong?: string }) {
  const flip = (id: string) => props.put(props.value.includes(id) ? props.value.filter((one) => one !== id) : [...props.value, id]);
  return (
    <fieldset>
      <legend>{props.label}</legend>
      <div class="keys">
        {props.options.map((one) => (
          <label class={props.value.includes(one.id) ? 'key-chosen' : undefined}>
            <input type="checkbox" checked={props.value.includes(one.id)} onChange={() => flip(one.id)} />
            <span>{one.text}</span>
          </label>
        ))}
      </div>
      {props.wrong !== undefined && props.wrong !== '' && <p class="problem">{props.wrong}</p>}
    </fieldset>
  );
}

/** Yes or no, as one large line. */
export function Tick(props: { label: string; value: boolean; put: (value: boolean) => void; wrong?: string }) {
  return (
    <div class={props.wrong !== undefined && props.wrong !== '' ? 'tick wrong' : 'tick'}>
      <label>
        <input type="checkbox" checked={props.value} onChange={(event) => props.put(event.currentTarget.checked)} />
        <span>{props.label}</span>
      </label>
      {props.wrong !== undefined && props.wrong !== '' && <p class="problem">{props.wrong}</p>}
    </div>
  );
}

/** One field of the core's forms, whatever it holds, with why it is asked. */
export function Field(props: { field: FieldView; value: string; put: (value: string) => void; members: MemberView[]; wrong?: string }) {
  const w = words.value;
  const { field } = props;
  const at = { label: label(field), value: props.value, put: props.put, wrong: props.wrong };
  const hint = field.why === '' ? undefined : `${w.unit.why}: ${field.why}`;
  switch (field.kind) {
    case 'choice':
      return <Pick {...at} hint={hint} options={field.choices.map((one) => ({ id: one.id, text: label(one) }))} />;
    case 'yes-no':
      return (
        <Pick
          {...at}
          hint={hint}
          options={[
            { id: 'true', text: w.yes },
            { id: 'false', text: w.no },
          ]}
        />
      );
    case 'member':
      return <Pick {...at} hint={hint} options={props.members.filter((one) => !one.child).map((one) => ({ id: one.person, text: one.name }))} />;
    case 'date':
      return <Line {...at} hint={hint} type="date" />;
    case 'number':
      return <Line {...at} hint={hint} type="number" />;
    case 'part-date':
      return <Line {...at} hint={hint ?? '1958 / 1958-05 / 1958-05-01'} />;
    case 'text':
      return <Line {...at} hint={hint} type={/phone/.test(field.key) ? 'tel' : 'text'} length={200} />;
  }
}
