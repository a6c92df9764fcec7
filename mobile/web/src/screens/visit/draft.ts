// 草稿 – kept at each step, and once more when the page is hidden: a phone in a pocket may end it.
import { port, troubleOf } from '../../store';
import type { Trouble, VisitForm } from '../../port/types';

/** How long the last key press is waited for. */
const PAUSE_MS = 400;

export class DraftKeeper {
  private waiting: VisitForm | null = null;
  private stopped = false;
  private clock: ReturnType<typeof setTimeout> | undefined;
  private last: Promise<void> = Promise.resolve();

  /** `told` hears why a draft could not be kept, and null as soon as one was. */
  constructor(private readonly told: (trouble: Trouble | null) => void) {}

  /** Keeps this as soon as nothing more is typed. */
  keep(form: VisitForm): void {
    this.waiting = form;
    if (this.stopped) return;
    clearTimeout(this.clock);
    this.clock = setTimeout(() => this.now(), PAUSE_MS);
  }

  /** Keeps what waits when the page is hidden or left; the answer ends the watch. */
  watch(): () => void {
    const now = () => this.now();
    const hidden = () => {
      if (document.visibilityState === 'hidden') this.now();
    };
    window.addEventListener('pagehide', now);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      window.removeEventListener('pagehide', now);
      document.removeEventListener('visibilitychange', hidden);
      this.now();
    };
  }

  /** Nothing is kept from now on: the form is being saved or dropped. What is on its way arrives first. */
  async stop(): Promise<void> {
    clearTimeout(this.clock);
    this.stopped = true;
    await this.last;
  }

  /** It was neither saved nor dropped: the form is kept again, with what was typed meanwhile. */
  resume(form: VisitForm): void {
    this.stopped = false;
    this.keep(this.waiting ?? form);
  }

  /** Keeps at once what waits. */
  now(): void {
    clearTimeout(this.clock);
    const form = this.waiting;
    if (form === null || this.stopped) return;
    this.waiting = null;
    this.last = this.last.then(() => this.ask(form));
  }

  /** What is half typed the core leaves out. What could not be kept waits for the next key press, or for leaving the page;
   * it is no reason to stop somebody at a door. */
  private async ask(form: VisitForm): Promise<void> {
    try {
      await port().ask('keep_draft', form);
      this.told(null);
    } catch (why: unknown) {
      this.waiting ??= form;
      this.told(troubleOf(why));
    }
  }
}
