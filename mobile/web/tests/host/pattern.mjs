// Patterns of the contract: what an answer must look like (src/port/contract.ts, `Pattern`).

/** Why an answer is not like the pattern; null when it is. */
export function differs(answer, pattern, anything = false, at = '') {
  if (anything) return null;
  if (pattern && typeof pattern === 'object' && '$' in pattern) return special(answer, pattern, at);
  if (Array.isArray(pattern)) {
    if (!Array.isArray(answer)) return `${at || 'it'} is no list`;
    return first(pattern.map((one, index) => differs(answer[index], one, false, `${at}.${index}`)));
  }
  if (pattern && typeof pattern === 'object') {
    if (!answer || typeof answer !== 'object') return `${at || 'it'} is ${JSON.stringify(answer)}`;
    return first(Object.entries(pattern).map(([name, one]) => differs(answer[name], one, false, `${at}.${name}`)));
  }
  return answer === pattern ? null : `${at || 'it'} is ${JSON.stringify(answer)?.slice(0, 80)}, not ${JSON.stringify(pattern)}`;
}

function special(answer, pattern, at) {
  const empty = answer === null || answer === undefined || answer === '' || (Array.isArray(answer) && answer.length === 0);
  const text = JSON.stringify(answer) ?? '';
  const holds = {
    some: () => !empty,
    none: () => empty,
    least: () => pattern.of <= (Array.isArray(answer) ? answer.length : answer),
    holds: () => text.includes(pattern.words),
    lacks: () => !text.includes(pattern.words),
  }[pattern.$];
  return holds() ? null : `${at || 'it'} does not fit ${JSON.stringify(pattern)}`;
}

/** Names in texts filled in from what was kept. */
export function filled(value, kept) {
  if (typeof value === 'string') return value.replace(/\$([a-z_]+)/g, (whole, name) => kept[name] ?? whole);
  if (Array.isArray(value)) return value.map((one) => filled(one, kept));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, kept)]));
  return value;
}

/** What lies at a path, `doors.0.unit`. */
export function pick(value, path) {
  return path.split('.').reduce((at, name) => at?.[name], value);
}

const first = (found) => found.find((one) => one !== null) ?? null;
