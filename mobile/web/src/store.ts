// 现状 – what every screen knows: the port, how the host stands, how the phone stands, what was just saved.
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { route } from './route';
import { PortError, type HostState, type Port, type SyncState } from './port/port';
import type { Asks, State, Trouble } from './port/types';

/** Set once, before the first screen. */
let held: Port | undefined;

export const host = signal<HostState | null>(null);
export const state = signal<State | null>(null);
export const sync = signal<SyncState | null>(null);
/** Why the file is open and yet cannot be read. */
export const fault = signal<Trouble | null>(null);
/** Counts what changed in the file: whoever shows something of it asks again. */
export const turn = signal(0);

/** 已存 – what was saved last, with its way back. */
export interface Notice {
  words: string;
  more?: string;
  undo?: { record: string; fields: boolean };
}
export const notice = signal<Notice | null>(null);
let passed = 0;

/** Says what was saved, here and on the screen that comes next. */
export function tell(what: Notice): void {
  passed = 0;
  notice.value = what;
}

route.subscribe(() => {
  passed += 1;
  if (1 < passed) notice.value = null;
});

/** The port. */
export function port(): Port {
  if (held === undefined) throw new Error('the port was not opened');
  return held;
}

/** Lists that are shown at once on return, and asked anew behind. Emptied when the file is closed. */
const kept = new Map<string, unknown>();

/** 未填完 – answers without a place of their own in the file: held while it is open and the app runs, gone when it closes. */
const typed = new Map<string, unknown>();

/** What is typed under a name, as long as the file is open; the last function forgets it once it was saved. */
export function useTyped<T>(name: string, start: T): [T, (now: T) => void, () => void] {
  const [value, show] = useState<T>(() => (typed.get(name) as T | undefined) ?? start);
  const keep = (now: T) => {
    typed.set(name, now);
    show(now);
  };
  return [value, keep, () => void typed.delete(name)];
}

/** Forgets the lists: another book answers from now on. */
export function forgetLists(): void {
  kept.clear();
  notice.value = null;
}

/** Asks how the phone stands. What was known stays where the answer fails: the next change asks again. */
export async function look(): Promise<void> {
  try {
    state.value = await port().ask('state', {});
    fault.value = null;
  } catch (why: unknown) {
    if (state.value === null) fault.value = troubleOf(why);
  }
}

function stand(now: HostState): void {
  host.value = now;
  if (now.standing === 'open') {
    void look();
  } else {
    kept.clear();
    typed.clear();
    state.value = null;
    fault.value = null;
    notice.value = null;
  }
}

/** Opens everything over a port. */
export async function begin(over: Port): Promise<void> {
  held = over;
  over.on('host', stand);
  over.on('sync', (now) => {
    sync.value = now;
  });
  over.on('changed', () => {
    turn.value += 1;
    void look();
  });
  stand(await over.host());
}

/** What went wrong, as a trouble; a fault of these screens is one, too. */
export function troubleOf(why: unknown): Trouble {
  if (why instanceof PortError) return why.trouble;
  console.error(why);
  const words = '应用出了差错。已保存的记录仍在本机 / The app made a mistake. What was saved is still on this phone';
  return { remedy: 'call-support', words, problems: [] };
}

export interface Asked<T> {
  data: T | null;
  trouble: Trouble | null;
  /** Shows another answer, e.g. of a question that changed it. */
  put(data: T): void;
  again(): void;
}

/** Asks, and asks again whenever something changed. `keep` shows the former answer at once on return. */
export function useAsk<Name extends keyof Asks>(
  name: Name,
  with_: Asks[Name]['with'],
  keep = false,
): Asked<Asks[Name]['answer']> {
  type Answer = Asks[Name]['answer'];
  const key = `${name} ${JSON.stringify(with_)}`;
  const [shown, show] = useState<{ key: string; data: Answer | null; trouble: Trouble | null }>({
    key,
    data: keep ? ((kept.get(key) as Answer | undefined) ?? null) : null,
    trouble: null,
  });
  const [again, askAgain] = useState(0);
  const now = turn.value;
  useEffect(() => {
    let live = true;
    const put = (data: Answer | null, trouble: Trouble | null) => {
      if (!live) return;
      if (keep && data !== null) kept.set(key, data);
      show((old) => ({ key, data: data ?? (old.key === key ? old.data : null), trouble }));
    };
    port()
      .ask(name, with_)
      .then((data) => put(data, null), (why: unknown) => put(null, troubleOf(why)));
    return () => {
      live = false;
    };
  }, [key, now, again]);
  const mine = shown.key === key;
  return {
    data: mine ? shown.data : null,
    trouble: mine ? shown.trouble : null,
    put: (data) => show({ key, data, trouble: null }),
    again: () => askAgain((n) => n + 1),
  };
}
