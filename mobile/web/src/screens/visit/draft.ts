// 草稿 – kept at each step, and once more when the page is hidden: a phone in a pocket may end it.
import { port } from '../../store';
import { PortError } from '../../port/port';
import type { FormProblem, VisitForm } from '../../port/types';

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

/** A half-filled field cannot be kept; everything else can. */
async function keep(form: VisitForm): Promise<void> {
  try {
    await port().ask('keep_draft', form);
  } catch (why: unknown) {
    if (!(why instanceof PortError) || why.trouble.problems.length === 0) return;
    await port()
      .ask('keep_draft', without(form, why.trouble.problems))
      .catch(() => undefined);
  }
}

function without(form: VisitForm, problems: FormProblem[]): VisitForm {
  const wrong = new Set(problems.map((one) => one.field));
  return {
    ...form,
    outcome: wrong.has('outcome') || wrong.has('left-on') || wrong.has('do-not-ask-until') ? null : form.outcome,
    visited_on: wrong.has('visited-on') ? null : form.visited_on,
    visited_at: wrong.has('visited-at') ? null : form.visited_at,
    changes: wrong.has('changes') ? [] : form.changes,
    answers: wrong.has('answers') ? [] : form.answers,
    appointment: wrong.has('appointment') ? null : form.appointment,
    fields: form.fields.filter((one) => !wrong.has(one.key)),
  };
}
