// 节律 – when to sync without being asked: after a save, when a line comes back, when the page is looked at again, after
// a pause the core asked for, and now and then.
import type { SyncState } from '../port';

/** What a rhythm needs of its port. */
export interface Needs {
  isOpen: () => boolean;
  sync: (now: boolean) => Promise<SyncState>;
  tell: (state: SyncState) => void;
  changed: () => void;
}

/** A save is often followed by the next: they travel together. Milliseconds. */
const SOON = 1_500;
/** While the page is looked at, in milliseconds. */
const NOW_AND_THEN = 15 * 60_000;
/** Longest delay a timer takes. */
const LONGEST = 2 ** 31 - 1;

export class Rhythm {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last: SyncState | null = null;
  private day = today();
  private readonly ended = new AbortController();
  private readonly ticking: ReturnType<typeof setInterval>;

  constructor(private readonly needs: Needs) {
    const { signal } = this.ended;
    window.addEventListener('online', () => this.soon(true), { signal });
    document.addEventListener('visibilitychange', () => this.looked(), { signal });
    this.ticking = setInterval(() => this.tick(), 60_000);
  }

  /** What the Worker tells of a sync on its way. */
  took(state: SyncState): void {
    const waits = this.last?.state === 'waiting' && state.state === 'idle';
    const told = waits && this.last ? this.last : state;
    this.last = told;
    this.needs.tell(told);
  }

  /** In a moment; `now` ends a pause after failures. */
  soon(now = false): void {
    this.at(Date.now() + SOON, now);
  }

  /** At once, because the person asked. Fails as the port does. */
  async now(): Promise<SyncState> {
    clearTimeout(this.timer);
    return this.run(true);
  }

  /** Stops until the file is open again. */
  rest(): void {
    clearTimeout(this.timer);
    this.last = null;
  }

  /** For good. */
  end(): void {
    this.rest();
    clearInterval(this.ticking);
    this.ended.abort();
  }

  private async run(now: boolean): Promise<SyncState> {
    const state = await this.needs.sync(now);
    if (0 < state.accepted + state.put_aside + state.brought) this.needs.changed();
    // Asked during a pause the core says nothing new: the pause still ends when it was to end.
    const pause = (state.state === 'idle' ? this.last : state)?.retry_at;
    if (pause) this.at(Date.parse(pause) + 100, false);
    else this.at(Date.now() + NOW_AND_THEN, false);
    return state;
  }

  private at(when: number, now: boolean): void {
    clearTimeout(this.timer);
    const delay = Math.min(Math.max(0, when - Date.now()), LONGEST);
    this.timer = setTimeout(() => {
      // Without a line nothing is tried: `online` comes by itself.
      if (!this.needs.isOpen() || !navigator.onLine) return;
      // A trouble of a sync nobody asked for is told by the next one somebody asks for.
      this.run(now).catch(() => this.at(Date.now() + NOW_AND_THEN, false));
    }, delay);
  }

  /** Another day changes what is due. */
  private tick(): void {
    if (this.day === today() || !this.needs.isOpen()) return;
    this.day = today();
    this.needs.changed();
  }

  private looked(): void {
    if (document.visibilityState !== 'visible' || !this.needs.isOpen()) return;
    this.tick();
    this.soon();
  }
}

const today = () => new Date().toDateString();
