// 草稿 – kept at each step, and once more when the page is hidden: a phone in a pocket may end it.
import { port } from '../../store';
import type { VisitForm } from '../../port/types';

/** How long the last key press is waited for. */
const PAUSE_MS = 400;

export class DraftKeeper {
  private waiting: VisitForm | null = null;
  private clock: ReturnType<typeof setTimeout> | undefined;
  private last: Promise<void> = Promise.resolve();

  /** Keeps this as soon as nothing more is typed. */
  keep(form: VisitForm): void {
    this.waiting = form;
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

  /** Nothing is kept from now on: the form is being saved or dropped. What is on its way arrives first. A save that
   * fails goes on keeping with the next key press. */
  async stop(): Promise<void> {
    clearTimeout(this.clock);
    this.waiting = null;
    await this.last;
  }

  private now(): void {
    clearTimeout(this.clock);
    const form = this.waiting;
    if (form === null) return;
    this.waiting = null;
    this.last = this.last.then(() => keep(form));
  }
}

/** What is half typed the core leaves out; a draft that cannot be kept is no reason to stop somebody at a door. */
async function keep(form: VisitForm): Promise<void> {
  await port()
    .ask('keep_draft', form)
    .catch((why: unknown) => console.error(why));
}
