// 信使 – carries questions to the Worker and its answers back; makes a Worker when there is none.
import { PortError, type SyncState } from '../port';
import type { Kept, Question, Word } from '../worker/messages';

/** What the Worker says without being asked. */
export interface Hearers {
  sync: (state: SyncState) => void;
  erased: (kept: Kept) => void;
  /** The Worker was discarded; whatever was asked of it has been answered with a trouble. */
  trapped: () => void;
}

interface Waiting {
  done: (answer: never) => void;
  failed: (why: PortError) => void;
}

export class Courier {
  private worker: Worker | null = null;
  private last = 0;
  private readonly waiting = new Map<number, Waiting>();

  constructor(
    private readonly make: () => Worker,
    private readonly hearers: Hearers,
  ) {}

  /** Asks; the promise is kept with the answer, or broken with a {@link PortError}. */
  ask<Answer>(question: Question): Promise<Answer> {
    const id = ++this.last;
    return new Promise<Answer>((done, failed) => {
      this.waiting.set(id, { done: done as (answer: never) => void, failed });
      this.present().postMessage({ ...question, id });
    });
  }

  /** Ends the Worker and all it held. */
  end(): void {
    this.discard('已锁 / locked');
  }

  private present(): Worker {
    if (!this.worker) {
      const worker = this.make();
      worker.onmessage = (event: MessageEvent<Word>) => {
        if (this.worker === worker) this.hear(event.data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        if (this.worker === worker) this.trap();
      };
      this.worker = worker;
    }
    return this.worker;
  }

  private hear(word: Word): void {
    if ('sync' in word) return this.hearers.sync(word.sync);
    if ('erased' in word) return this.hearers.erased(word.erased);
    if ('trap' in word) return this.trap();
    const waiting = this.waiting.get(word.id);
    this.waiting.delete(word.id);
    if ('trouble' in word) waiting?.failed(new PortError(word.trouble));
    else waiting?.done(word.answer as never);
  }

  private trap(): void {
    this.discard('程序出错,已重新启动;已保存的都在,请重新输入口令 / the program failed and was started anew; what was saved is there, enter the passcode again');
    this.hearers.trapped();
  }

  private discard(words: string): void {
    this.worker?.terminate();
    this.worker = null;
    const left = [...this.waiting.values()];
    this.waiting.clear();
    for (const one of left) one.failed(new PortError({ remedy: 'try-later', words, problems: [] }));
  }
}
