import { said, words } from '../words';
import type { RuleLine } from '../port/types';

/** 现行规定 – each in words, with the words it rests on and where they stand. */
export function Rules(props: { title: string; rules: RuleLine[]; none: string }) {
  const w = words.value;
  return (
    <details class="card">
      <summary>{props.title}</summary>
      {props.rules.length === 0 && <p class="quiet">{props.none}</p>}
      <ul class="lines">
        {props.rules.map((rule) => (
          <li key={rule.field}>
            <p class="breaks">
              <strong>{nameOf(rule.field)}</strong>: {valueOf(rule)}
            </p>
            {rule.quotes.map((quote) => (
              <blockquote lang="zh-CN">{quote}</blockquote>
            ))}
            {rule.value.includes('product_default') && <p class="quiet">{w.rules.product_default}</p>}
            {(rule.source !== '' || rule.standing !== '') && <p class="quiet">{[rule.source, said(rule.standing)].filter((one) => one !== '').join(' · ')}</p>}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** A setting by its name; what newer rules set and these screens do not know has its quoted words alone. A category
 * brings its own name. */
function nameOf(field: string): string {
  const names: { readonly [field: string]: string } = words.value.rules.name;
  if (field in names) return names[field] ?? '';
  return /^[a-z_]+\.[a-z_.]+$/.test(field) ? words.value.rules.other : field;
}

/** A value as it stands in the rules, in words: no braces, no codes. */
function valueOf({ field, value }: RuleLine): string {
  const w = words.value.rules;
  const code = (one: string): string => {
    const outcomes: { readonly [code: string]: string } = words.value.outcome;
    const codes: { readonly [code: string]: string } = w.code;
    return outcomes[one] ?? codes[one] ?? one;
  };
  const often = /times = (\d+)/.exec(value)?.[1];
  const per = /per = "([a-z]+)"/.exec(value)?.[1];
  if (often !== undefined && per !== undefined) return w.times(Number(often), code(per));
  const number = /^(?:\{.*value = )?([\d.]+)/.exec(value)?.[1];
  if (number !== undefined) {
    if (field === 'visits.target_rate') return `${Math.round(Number(number) * 100)} %`;
    return field === 'visits.min_days_left' ? w.days(Number(number)) : w.count(Number(number));
  }
  if (value === 'true' || value === 'false') return value === 'true' ? words.value.yes : words.value.no;
  const quoted = [...value.matchAll(/"([^"]*)"/g)].map((one) => code(one[1] ?? ''));
  return quoted.length === 0 ? value : quoted.join(w.and);
}
