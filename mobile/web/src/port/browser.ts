// The port in a browser: the core runs in a dedicated Worker, one tab of the browser leads, and this class is what the
// screens hold. The file's key is never here: it lives in the Worker, and ends with it. After a trap the Worker is
// discarded and another one stands on the stored file, locked: the passcode is asked for again, because a key that
// outlived the Worker would outlive the lock as well.
import { Courier } from './browser/courier';
import { Rhythm } from './browser/rhythm';
import { type HostState, type Port, PortError, type PortEvents, type SyncState } from './port';
import type { Asks } from './types';
import type { Kept, Question } from './worker/messages';

/** Questions that write: after each of them something is to be sent, and other screens look again. */
const WRITING: ReadonlySet<keyof Asks> = new Set([
  'save',
  'withdraw',
  'new_household',
  'mark_use',
  'suggest_key',
  'settle',
  'answer_request',
  'answer_revisit',
  'account',
  'appeal',
  'reply_line',
  'appeal_line',
] as const);

/** Questions that change what this phone shows, and have nothing to send. */
const LOCAL: ReadonlySet<keyof Asks> = new Set(['own_day', 'practice'] as const);

/** One leader of all tabs of this origin. */
const LEADER = 'ruhu-leader';

export class BrowserPort implements Port {
  private kept: Kept | 'other-tab' = 'other-tab';
  private readonly courier: Courier;
  private readonly rhythm: Rhythm;
  private readonly listeners = new Map<keyof PortEvents, Set<(event: never) => void>>();
  private readonly begun: Promise<void>;
  private release: () => void = () => undefined;

  /** `makeWorker` is for trials; the screens leave it out. */
  constructor(makeWorker?: () => Worker) {
    const make = makeWorker ?? (() => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'ruhu' }));
    this.courier = new Courier(make, {
      sync: (state) => this.rhythm.took(state),
      erased: (kept) => void this.stands(kept),
      trapped: () => this.begun.then(() => this.restart()),
    });
    this.rhythm = new Rhythm({
      isOpen: () => this.isOpen(),
      sync: (now) => this.courier.ask<SyncState>({ do: 'sync', now }),
      tell: (state) => this.emit('sync', state),
      changed: () => this.emit('changed', null),
    });
    this.begun = this.lead();
  }

  async ask<Name extends keyof Asks>(name: Name, with_: Asks[Name]['with']): Promise<Asks[Name]['answer']> {
    await this.needOpen();
    const text = await this.courier.ask<string>({ do: 'ask', name, with: JSON.stringify(with_) });
    if (WRITING.has(name) || LOCAL.has(name)) this.emit('changed', null);
    if (WRITING.has(name)) this.rhythm.soon();
    return JSON.parse(text) as Asks[Name]['answer'];
  }

  async host(): Promise<HostState> {
    await this.begun;
    return this.described();
  }

  async create(passcode: string): Promise<HostState> {
    const state = await this.change({ do: 'create', passcode });
    await this.keepForGood();
    return state;
  }

  async unlock(passcode: string): Promise<HostState> {
    const state = await this.change({ do: 'unlock', passcode });
    void this.keepForGood();
    this.rhythm.soon();
    return state;
  }

  async lock(): Promise<HostState> {
    await this.begun;
    if (this.kept !== 'other-tab') {
      // Closed in order where the Worker still answers; ended in any case, and all its memory with it.
      await Promise.race([this.courier.ask({ do: 'close' }).catch(() => undefined), after(2_000)]);
      this.courier.end();
      this.rhythm.rest();
      await this.restart();
    }
    return this.host();
  }

  change_passcode(old: string, next: string): Promise<HostState> {
    return this.change({ do: 'change', old, next });
  }

  async begin_anew(): Promise<HostState> {
    this.rhythm.rest();
    return this.change({ do: 'begin_anew' });
  }

  async enrol(code: string, hub_url: string | null): Promise<void> {
    await this.needOpen();
    await this.courier.ask({ do: 'enrol', code: code.trim(), hub_url: hub_url?.trim() || location.origin });
    this.emit('changed', null);
    this.rhythm.soon(true);
  }

  async sync(): Promise<SyncState> {
    await this.needOpen();
    return this.rhythm.now();
  }

  on<Name extends keyof PortEvents>(name: Name, listener: (event: PortEvents[Name]) => void): () => void {
    const all = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, all);
    all.add(listener);
    return () => void all.delete(listener);
  }

  /** Gives the file up, for another tab or the end of a trial. */
  async close(): Promise<void> {
    await this.lock();
    this.courier.end();
    this.rhythm.end();
    this.release();
  }

  /** Becomes the leader at once, or when the leading tab closes. */
  private async lead(): Promise<void> {
    const why = unfit();
    if (why) {
      this.kept = { standing: 'no-storage', wait_until: null, why };
      return;
    }
    const held = () => new Promise<void>((done) => (this.release = done));
    const first = await new Promise<boolean>((tell) => {
      void navigator.locks.request(LEADER, { ifAvailable: true }, (lock) => {
        tell(lock !== null);
        return lock ? held() : undefined;
      });
    });
    if (first) {
      await this.restart();
      return;
    }
    void navigator.locks.request(LEADER, async () => {
      const until = held();
      await this.restart();
      await until;
    });
  }

  /** A Worker on the stored file, which is locked then. */
  private async restart(): Promise<void> {
    try {
      await this.stands(await this.courier.ask<Kept>({ do: 'start' }));
    } catch (why) {
      const words = why instanceof PortError ? why.trouble.words : '无法启动 / it does not start';
      await this.stands({ standing: 'no-storage', wait_until: null, why: words });
    }
  }

  private async change(question: Question): Promise<HostState> {
    await this.needLead();
    try {
      await this.stands(await this.courier.ask<Kept>(question));
    } catch (why) {
      // A wrong passcode may have begun a wait, which the screen shows.
      await this.courier.ask<Kept>({ do: 'start' }).then((kept) => this.stands(kept)).catch(() => undefined);
      throw why;
    }
    return this.host();
  }

  private async stands(kept: Kept): Promise<void> {
    const was = JSON.stringify(this.kept);
    this.kept = kept;
    if (JSON.stringify(kept) !== was) this.emit('host', await this.described());
  }

  private async described(): Promise<HostState> {
    const storage = navigator.storage as StorageManager | undefined;
    const quiet = () => null;
    const [persisted, room] = await Promise.all([
      storage?.persisted?.().catch(quiet) ?? null,
      storage?.estimate?.().catch(quiet) ?? null,
    ]);
    const kept = this.kept === 'other-tab' ? { standing: 'other-tab' as const, wait_until: null, why: null } : this.kept;
    return {
      ...kept,
      host: 'browser',
      persisted,
      used_bytes: room?.usage ?? null,
      quota_bytes: room?.quota ?? null,
    };
  }

  private isOpen(): boolean {
    return this.kept !== 'other-tab' && this.kept.standing === 'open';
  }

  private async needLead(): Promise<void> {
    await this.begun;
    if (this.kept === 'other-tab') {
      throw refused('另一窗口正在使用,请先关闭它 / another window has it open: close that one first');
    }
  }

  private async needOpen(): Promise<void> {
    await this.needLead();
    if (!this.isOpen()) throw refused('已锁,请输入口令 / locked: enter the passcode', 'passcode');
  }

  private async keepForGood(): Promise<void> {
    const storage = navigator.storage as StorageManager | undefined;
    if ((await storage?.persisted?.().catch(() => true)) === false) await storage?.persist?.().catch(() => false);
  }

  private emit<Name extends keyof PortEvents>(name: Name, event: PortEvents[Name]): void {
    for (const listener of this.listeners.get(name) ?? []) (listener as (event: PortEvents[Name]) => void)(event);
  }
}

function refused(words: string, field?: string): PortError {
  const problems = field ? [{ field, words }] : [];
  return new PortError({ remedy: field ? 'fix-form' : 'try-later', words, problems });
}

/** Why this page cannot even begin; what the disk lacks the Worker says. */
function unfit(): string | null {
  if (!window.isSecureContext) return '须经 https 打开本页 / this page has to be opened by https';
  if ('locks' in navigator && 'Worker' in window && 'WebAssembly' in window) return null;
  return '此浏览器过旧,请更新浏览器或改用纸质走访单 / this browser is too old: update it, or use the day sheet on paper';
}

const after = (ms: number) => new Promise((done) => setTimeout(done, ms));
