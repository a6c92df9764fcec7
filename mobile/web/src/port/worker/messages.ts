// What the page and its Worker say to each other. Each question has a number; its answer carries the same one.
import type { HostState, SyncState } from '../port';
import type { Trouble } from '../types';

/** What the page asks of the Worker. */
export type Question =
  /** Takes hold of the disk and tells how the file stands. */
  | { do: 'start' }
  | { do: 'create'; passcode: string }
  | { do: 'unlock'; passcode: string }
  | { do: 'change'; old: string; next: string }
  | { do: 'begin_anew' }
  /** Closes the file; the page ends this Worker then. */
  | { do: 'close' }
  | { do: 'ask'; name: string; with: string }
  | { do: 'enrol'; code: string; hub_url: string }
  | { do: 'sync'; now: boolean };

/** How the file stands, as far as the Worker knows. */
export interface Kept {
  standing: Extract<HostState['standing'], 'new' | 'locked' | 'open' | 'erased' | 'no-storage'>;
  wait_until: string | null;
  why: string | null;
}

/** What the Worker says. */
export type Word =
  | { id: number; answer: unknown }
  | { id: number; trouble: Trouble }
  /** A trap, or something as unexpected: the Worker is of no more use, the file is as its last transaction left it. */
  | { id: number | null; trap: string }
  | { sync: SyncState }
  /** The hub revoked the enrolment: file and key are gone. */
  | { erased: Kept };

/** A question on its way. */
export type Numbered = Question & { id: number };

/** What did not work, thrown inside the Worker. */
export class Told extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.words);
  }
}

/** For what the person can mend by typing something else. */
export const atField = (field: string, words: string): Told =>
  new Told({ remedy: 'fix-form', words, problems: [{ field, words }] });

/** For what nobody here can mend. */
export const support = (words: string): Told => new Told({ remedy: 'call-support', words, problems: [] });

/** For what may work in a moment. */
export const later = (words: string): Told => new Told({ remedy: 'try-later', words, problems: [] });
