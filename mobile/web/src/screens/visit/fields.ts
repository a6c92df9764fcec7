// 字段 – the fields of the household a form of a visit writes, by their keys.
import type { ChangeForm, FieldForm, VisitForm } from '../../port/types';

/** What the form writes into a field; `null` where it leaves it alone. */
export function valueIn(form: VisitForm, key: string): string | null {
  return form.fields.find((one) => one.key === key)?.value ?? null;
}

/** The form's fields with this one set; `null` leaves it alone again. */
export function set(form: VisitForm, key: string, value: string | null): { fields: FieldForm[] } {
  const others = form.fields.filter((one) => one.key !== key);
  return { fields: value === null ? others : [...others, { key, value }] };
}

/** The name of one more who joins; the core gives the id. */
export function newcomer(form: VisitForm): string {
  const taken = form.changes.map((one) => Number(/^new-(\d+)$/.exec(one.person ?? '')?.[1] ?? 0));
  return `new-${Math.max(0, ...taken) + 1}`;
}

/** Which fields go with a change when it is taken out of the form. */
export function keysOf(change: ChangeForm): (key: string) => boolean {
  const person = change.person ?? '';
  switch (change.kind) {
    case 'moved_in':
    case 'birth':
      return (key) => key.startsWith(`m/${person}/`);
    case 'moved_out':
    case 'death':
      return (key) => key === `m/${person}/left`;
    case 'phone':
      return (key) => key === 'p/phone' || key === 'p/phone2';
    case 'tenure':
      return (key) => key === 'p/tenure';
    case 'head':
      return (key) => key === 'p/head';
    case 'category_in':
      return (key) => key.startsWith(`m/${person}/c/${change.category ?? ''}/`);
    case 'category_out':
      return (key) => key === `m/${person}/c/${change.category ?? ''}/until`;
    default:
      // 更正 owns whatever no other step of the form speaks of.
      return () => false;
  }
}
