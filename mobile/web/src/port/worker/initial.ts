// 首字母 – the first letter of how a sign is read, from the order in which the browser sorts signs by pinyin: no table of
// readings has to be downloaded. The wasm asks for one sign at a time.

/** The first sign of each letter in the order of pinyin; no reading begins with i, u or v. */
const FIRST: readonly (readonly [letter: string, sign: string])[] = [
  ['a', '吖'], ['b', '八'], ['c', '嚓'], ['d', '咑'], ['e', '妸'], ['f', '发'], ['g', '旮'], ['h', '哈'], ['j', '丌'], ['k', '咔'], ['l', '垃'], ['m', '呣'],
  ['n', '拏'], ['o', '喔'], ['p', '妑'], ['q', '七'], ['r', '呥'], ['s', '仨'], ['t', '他'], ['w', '屲'], ['x', '夕'], ['y', '丫'], ['z', '帀'],
];

/** Makes the function; it answers null everywhere where the browser cannot sort by pinyin. */
export function reader(): (sign: string) => string | null {
  const order = new Intl.Collator('zh-u-co-pinyin');
  // What it calls its order differs from browser to browser; whether it is by pinyin shows.
  const byPinyin = FIRST.every(([, sign], nth) => nth === 0 || order.compare(FIRST[nth - 1]?.[1] ?? '', sign) < 0);
  if (!byPinyin) return () => null;
  const known = new Map<string, string | null>();
  const look = (sign: string): string | null => {
    if (!/^\p{Script=Han}$/u.test(sign)) return null;
    let found: string | null = null;
    for (const [letter, first] of FIRST) {
      if (order.compare(sign, first) < 0) break;
      found = letter;
    }
    return found;
  };
  return (sign) => {
    const before = known.get(sign);
    if (before !== undefined) return before;
    const found = look(sign);
    known.set(sign, found);
    return found;
  };
}

/** Gives the wasm its function: code points in and out, 0 for none. */
export function lend(): void {
  const read = reader();
  const initial = (sign: number): number => read(String.fromCodePoint(sign))?.codePointAt(0) ?? 0;
  (self as unknown as { ruhuInitial: typeof initial }).ruhuInitial = initial;
}
