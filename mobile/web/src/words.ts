// 语言 – the words of the chosen language, and the two-language words of the core.
import { computed } from '@preact/signals';
import { en } from './words/en';
import { zh, type Words } from './words/zh';
import { prefs } from './prefs';

export type { Words };

/** The words of the chosen language. */
export const words = computed<Words>(() => (prefs.value.lang === 'zh' ? zh : en));

/** A word by a code of the core; the code itself where a newer core knows more than these screens. */
export function coded(list: { readonly [code: string]: string }, code: string): string {
  return list[code] ?? code;
}

/** One of the two languages of the core's own words: `中文 / English`, several divided by `; `. */
export function said(both: string): string {
  const parts = both.split('; ').map((part) => {
    const cut = part.indexOf(' / ');
    if (cut < 0) return part;
    // A field of the form names itself in both languages: `诉求 requests:未填`.
    if (prefs.value.lang === 'zh') return part.slice(0, cut).replace(/([\u4e00-\u9fff]) [a-z]+(?:-[a-z]+)*(?=[: ]|$)/g, '$1');
    return part.slice(cut + 3).replace(/[\u4e00-\u9fff]+ (?=[a-z])/g, '');
  });
  return parts.join('; ');
}

/** The label of a field, a choice or a question. */
export function label(of: { zh: string; en: string }): string {
  return prefs.value.lang === 'en' && of.en !== '' ? of.en : of.zh;
}

/** A day as people say it: without the year where it is this one. */
export function day(iso: string, today: string): string {
  const [year = '', month = '', on = ''] = iso.split('-');
  const short = `${Number(month)}-${Number(on)}`;
  return iso.slice(0, 4) === today.slice(0, 4) ? short : `${year}-${short}`;
}

/** A period of the core, `2026Q3` or `2026-09`. */
export function period(code: string): string {
  const [, year = '', quarter, month] = /^(\d+)(?:Q(\d)|-(\d+))$/.exec(code) ?? [];
  if (quarter !== undefined) return words.value.quarter(Number(year), Number(quarter));
  return month === undefined ? code : words.value.month(Number(year), Number(month));
}

/** An instant in the phone's own time. */
export function instant(rfc3339: string): string {
  const at = new Date(rfc3339);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getMonth() + 1}-${at.getDate()} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Bytes as a person reads them. */
export function bytes(count: number): string {
  return count < 1024 * 1024 ? `${Math.ceil(count / 1024)} KB` : `${(count / 1024 / 1024).toFixed(1)} MB`;
}
