// The port: what the screens may ask of the phone they run on. The same for wasm in a Worker, for Android and for iOS;
// one contract suite (contract.ts) holds for all of them.
import type { Asks, Trouble } from './types';

/** How the file of this phone stands. */
export type Standing =
  /** Nothing is here yet: choose a passcode. */
  | 'new'
  /** Encrypted, and closed. */
  | 'locked'
  /** Open. */
  | 'open'
  /** Another tab of this browser has it open. */
  | 'other-tab'
  /** This browser cannot keep an encrypted file: only the day sheet on paper is offered. */
  | 'no-storage'
  /** 撤销 – the enrolment was revoked and what was here is erased. */
  | 'erased';

/** How the host stands. */
export interface HostState {
  standing: Standing;
  /** Which host: a browser keeps less and says so. */
  host: 'browser' | 'android' | 'ios';
  /** Wrong passcodes are slowed down: no earlier than this instant (RFC 3339). */
  wait_until: string | null;
  /** Whether the browser promised to keep the file; null where nobody has to. */
  persisted: boolean | null;
  /** Bytes used and allowed, where the host tells. */
  used_bytes: number | null;
  quota_bytes: number | null;
  /** Why `no-storage`, in Chinese then English, divided by ` / `. */
  why: string | null;
}

/** What became of a sync. */
export interface SyncState {
  /** `waiting`: no answer, or the hub asked for a pause; tried again by itself at `retry_at`. */
  state: 'idle' | 'running' | 'done' | 'waiting' | 'enrol-again' | 'update-app' | 'erased';
  /** Bytes of a first load that have come, and of how many. */
  loaded_bytes: number | null;
  total_bytes: number | null;
  /** RFC 3339. */
  retry_at: string | null;
  /** 已收到, 待核 or 退回, and received from the hub, of the last exchange. */
  accepted: number;
  put_aside: number;
  brought: number;
}

/** What the screens are told without asking. */
export interface PortEvents {
  /** Something in the file changed: by this screen, by a sync, by the clock. */
  changed: null;
  /** The host's standing changed: locked, opened, another tab. */
  host: HostState;
  sync: SyncState;
}

/** What did not work; nothing was changed. */
export class PortError extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.words);
    this.name = 'PortError';
  }
}

/** What the screens may ask. Every promise rejects with a {@link PortError}, and with nothing else. */
export interface Port {
  /** Asks the core by the list of questions. */
  ask<Name extends keyof Asks>(name: Name, with_: Asks[Name]['with']): Promise<Asks[Name]['answer']>;
  /** How the host stands. */
  host(): Promise<HostState>;
  /** Makes the encrypted file, and opens it. Six signs or more; what a short one does not stop is told on the screen. */
  create(passcode: string): Promise<HostState>;
  /** Opens the file. A wrong passcode is a trouble with the remedy `fix-form`, and slows the next one down. */
  unlock(passcode: string): Promise<HostState>;
  /** Closes the file; nothing of it stays readable. */
  lock(): Promise<HostState>;
  /** Another passcode for the same file. */
  change_passcode(old: string, next: string): Promise<HostState>;
  /**
   * 忘记密码 – puts the file aside, with everything in it that was not sent, and begins anew. What was put aside opens only
   * with its own passcode ({@link Port.unlock} tries it as well).
   */
  begin_anew(): Promise<HostState>;
  /** 登记 – by the text of the scanned code, or by a typed code and the hub's address. */
  enrol(code: string, hub_url: string | null): Promise<void>;
  /** Sends and receives until both sides hold the same. Also done by itself: after a save, when a line comes back. */
  sync(): Promise<SyncState>;
  /** Listens; the answer ends it. */
  on<Name extends keyof PortEvents>(name: Name, listener: (event: PortEvents[Name]) => void): () => void;
}
