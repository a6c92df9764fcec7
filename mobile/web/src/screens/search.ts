// 查找 – every household of this phone, also those that are not due: by address, name, telephone, first letters.
import { useEffect, useState } from 'preact/hooks';
import { port, troubleOf, turn } from '../store';
import type { Trouble, UnitLine } from '../port/types';

/** How long the last key press is waited for. */
const PAUSE_MS = 200;
const NONE: UnitLine[] = [];

export interface Found {
  /** What was found: for the words before, while these are looked for. Null before the first answer. */
  lines: UnitLine[] | null;
  /** The answer to these words is not there yet. */
  looking: boolean;
  trouble: Trouble | null;
}

/** Looks for the words once nothing more is typed, as they were typed. */
export function useFound(search: string): Found {
  const wanted = search.trim();
  const [found, setFound] = useState<{ of: string; lines: UnitLine[] | null; trouble: Trouble | null }>({ of: '', lines: null, trouble: null });
  const now = turn.value;
  useEffect(() => {
    if (wanted === '') {
      setFound({ of: '', lines: null, trouble: null });
      return undefined;
    }
    let live = true;
    const wait = setTimeout(() => {
      port()
        .ask('find', { words: wanted })
        .then(
          (lines) => live && setFound({ of: wanted, lines, trouble: null }),
          (why: unknown) => live && setFound((old) => ({ of: wanted, lines: old.lines, trouble: troubleOf(why) })),
        );
    }, PAUSE_MS);
    return () => {
      live = false;
      clearTimeout(wait);
    };
  }, [wanted, now]);
  if (wanted === '') return { lines: NONE, looking: false, trouble: null };
  return { lines: found.lines, looking: found.of !== wanted, trouble: found.of === wanted ? found.trouble : null };
}
