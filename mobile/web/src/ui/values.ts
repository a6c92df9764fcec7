// 字段的值 – what a field holds, in words.
import { label, words } from '../words';
import type { FieldView, MemberView } from '../port/types';

/** A field's value as a person reads it; empty where nothing is known. */
export function valueText(field: FieldView, members: MemberView[]): string {
  const w = words.value;
  switch (field.kind) {
    case 'choice': {
      const choice = field.choices.find((one) => one.id === field.value);
      return choice === undefined ? field.value : label(choice);
    }
    case 'yes-no':
      return field.value === '' ? '' : field.value === 'true' ? w.yes : w.no;
    case 'member':
      return members.find((one) => one.person === field.value)?.name ?? '';
    default:
      return field.value;
  }
}
