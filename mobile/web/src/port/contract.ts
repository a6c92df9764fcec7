// 契约 – what holds for every port: the browser's, Android's and iOS's. Cases are data, so that the suites in Kotlin and
// Python play the very same ones (`node tests/contract.mjs --json` prints them).
//
// A case begins on a phone that holds nothing. `$name` in a text is filled in from what was kept before, or by the
// suite: `$code` is a scanned one-time code of a real hub, `$typed` a code to be typed, `$hub` that hub's address.
// What is expected is a pattern: an object's named entries must match, others may be there; see `Pattern`.

/** Anything JSON can say. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * What an answer must look like: equal, entry by entry; or one of `{ "$": "some" }` (neither null nor empty),
 * `{ "$": "none" }` (null or empty), `{ "$": "least", "of": n }` (a number, or a length, of at least n),
 * `{ "$": "holds", "words": w }` (its JSON text contains w), `{ "$": "lacks", "words": w }`.
 */
export type Pattern = Json;

/** One step of a case; each has one verb. */
export type Step =
  /** Calls a function of the port by its name. */
  | { call: 'host' | 'create' | 'unlock' | 'lock' | 'change_passcode' | 'begin_anew' | 'enrol' | 'sync'; with?: Json[]; gives?: Pattern; fails?: Pattern }
  /** Asks the core; `keep` names what is remembered of the answer, by its path (`doors.0.unit`). */
  | { ask: string; with?: Json; gives?: Pattern; fails?: Pattern; keep?: { [name: string]: string } }
  /** Ends the program without a word and starts it again on the same stored file. */
  | { kill: true }
  /** Takes the line to the hub away, or gives it back. */
  | { line: 'off' | 'on' }
  /** Waits until the port has told of this since the last step that waited. */
  | { hears: 'changed' | 'host' | 'sync'; like?: Pattern };

/** One thing that holds. */
export interface Case {
  name: string;
  /** Whether a hub is played with. */
  hub: boolean;
  steps: Step[];
}

const SOME: Pattern = { $: 'some' };
const NONE: Pattern = { $: 'none' };
const PASSCODE = '入户 2026';

/** A phone that is open, enrolled, and holds what the hub has for it. */
const ENROLLED: Step[] = [
  { call: 'create', with: [PASSCODE], gives: { standing: 'open' } },
  { call: 'enrol', with: ['$code', null] },
  { call: 'sync', gives: { state: 'done' } },
];

/** Of nothing the hub knows. */
const NOBODYS = '0193a000-0000-7000-8000-00000000dead';
const MET = { code: 'met-at-door' };

export const CASES: Case[] = [
  {
    name: 'a new phone is open once a passcode of six signs was chosen, and nobody is enrolled',
    hub: false,
    steps: [
      { call: 'host', gives: { standing: 'new', wait_until: null } },
      { call: 'create', with: ['12345'], fails: { remedy: 'fix-form', problems: SOME } },
      { call: 'host', gives: { standing: 'new' } },
      { ask: 'state', fails: { words: SOME } },
      { call: 'create', with: [PASSCODE], gives: { standing: 'open' } },
      { ask: 'state', gives: { who: null, outbox: { unsent: 0 } } },
    ],
  },
  {
    name: 'what is locked tells nothing, and opens with its passcode only',
    hub: false,
    steps: [
      { call: 'create', with: [PASSCODE], gives: { standing: 'open' } },
      { call: 'lock', gives: { standing: 'locked' } },
      { ask: 'state', fails: { words: SOME } },
      { call: 'unlock', with: ['another one'], fails: { remedy: 'fix-form', problems: SOME } },
      { call: 'host', gives: { standing: 'locked' } },
      { call: 'unlock', with: [PASSCODE], gives: { standing: 'open' } },
      { ask: 'state', gives: { who: null } },
    ],
  },
  {
    name: 'wrong passcodes slow down, and a restart does not shorten the wait',
    hub: false,
    steps: [
      { call: 'create', with: [PASSCODE] },
      { call: 'lock' },
      { call: 'unlock', with: ['wrong 1'], fails: { remedy: 'fix-form' } },
      { call: 'unlock', with: ['wrong 2'], fails: { remedy: 'fix-form' } },
      { call: 'unlock', with: ['wrong 3'], fails: { remedy: 'fix-form' } },
      { call: 'unlock', with: ['wrong 4'], fails: { remedy: 'fix-form' } },
      { call: 'host', gives: { wait_until: SOME } },
      { kill: true },
      { call: 'host', gives: { standing: 'locked', wait_until: SOME } },
      { call: 'unlock', with: [PASSCODE], fails: { remedy: 'fix-form' } },
    ],
  },
  {
    name: 'another passcode opens the same file, and the old one does not any more',
    hub: false,
    steps: [
      { call: 'create', with: [PASSCODE] },
      { call: 'change_passcode', with: ['not this one', 'the next one'], fails: { remedy: 'fix-form' } },
      { call: 'change_passcode', with: [PASSCODE, 'short'], fails: { remedy: 'fix-form' } },
      { call: 'change_passcode', with: [PASSCODE, 'the next one'], gives: { standing: 'open' } },
      { kill: true },
      { call: 'unlock', with: [PASSCODE], fails: { remedy: 'fix-form' } },
      { call: 'unlock', with: ['the next one'], gives: { standing: 'open' } },
    ],
  },
  {
    name: 'a fault of the screens is a trouble and changes nothing',
    hub: false,
    steps: [
      { call: 'create', with: [PASSCODE] },
      { ask: 'no such question', fails: { remedy: 'call-support', words: SOME } },
      { ask: 'household', with: { unit: 'household/0193a000-0000-7000-8000-00000000dead' }, fails: { remedy: 'fix-form' } },
      { ask: 'state', gives: { who: null } },
    ],
  },
  {
    name: 'a one-time code and a first load bring the list of who is due',
    hub: true,
    steps: [
      ...ENROLLED,
      { ask: 'state', gives: { who: { worker_name: SOME, community: SOME }, outbox: { unsent: 0 } } },
      { ask: 'today', gives: { doors: { $: 'least', of: 10 }, quarter: { due: { $: 'least', of: 10 } } }, keep: { unit: 'doors.0.unit' } },
      { ask: 'household', with: { unit: '$unit' }, gives: { unit: '$unit', open: false } },
      { ask: 'open', with: { unit: '$unit' }, gives: { open: true } },
      { ask: 'buildings', gives: SOME },
    ],
  },
  {
    name: 'a code that does not hold enrols nobody, and the hub says why',
    hub: true,
    steps: [
      { call: 'create', with: [PASSCODE] },
      { call: 'enrol', with: ['ZZZZ-ZZZZ-ZZZZ', '$hub'], fails: { remedy: 'fix-form', words: SOME } },
      { ask: 'state', gives: { who: null } },
      { call: 'sync', gives: { state: 'idle' } },
      { call: 'enrol', with: ['$typed', '$hub'] },
      { ask: 'state', gives: { who: { worker_name: SOME } } },
    ],
  },
  {
    name: 'a visit saved offline survives a kill, is sent when the line is back, and gets its receipt',
    hub: true,
    steps: [
      ...ENROLLED,
      { line: 'off' },
      { ask: 'today', keep: { unit: 'doors.0.unit', dwelling: 'doors.0.dwelling' } },
      { ask: 'draft', with: { unit: '$unit' }, gives: { unit: '$unit', outcome: null } },
      { ask: 'check', with: { unit: '$unit', dwelling: '$dwelling' }, fails: { remedy: 'fix-form', problems: SOME } },
      {
        ask: 'save',
        with: { unit: '$unit', dwelling: '$dwelling', outcome: MET },
        gives: { record: SOME },
        keep: { record: 'record' },
      },
      { hears: 'changed' },
      { call: 'sync', gives: { state: 'waiting', retry_at: SOME } },
      { ask: 'state', gives: { outbox: { unsent: 1, accepted: 0 } } },
      { kill: true },
      { call: 'host', gives: { standing: 'locked' } },
      { call: 'unlock', with: [PASSCODE], gives: { standing: 'open' } },
      { ask: 'receipts', gives: [{ record: '$record', state: 'unsent' }] },
      { line: 'on' },
      { call: 'sync', gives: { state: 'done' } },
      { ask: 'receipts', gives: [{ record: '$record', state: 'accepted' }] },
      { ask: 'state', gives: { outbox: { unsent: 0, accepted: 1 }, last_contact: SOME } },
      { ask: 'household', with: { unit: '$unit' }, gives: { history: { $: 'holds', words: '$record' } } },
    ],
  },
  {
    name: 'a draft is kept over a kill, and is gone once it was saved',
    hub: true,
    steps: [
      ...ENROLLED,
      { ask: 'today', keep: { unit: 'doors.1.unit', dwelling: 'doors.1.dwelling' } },
      { ask: 'keep_draft', with: { unit: '$unit', dwelling: '$dwelling', note: '门铃坏' } },
      { kill: true },
      { call: 'unlock', with: [PASSCODE] },
      { ask: 'draft', with: { unit: '$unit' }, gives: { note: '门铃坏', outcome: null } },
      { ask: 'save', with: { unit: '$unit', dwelling: '$dwelling', outcome: MET, note: '门铃坏' }, gives: { record: SOME } },
      { ask: 'draft', with: { unit: '$unit' }, gives: { outcome: null, note: NONE } },
    ],
  },
  {
    name: 'a save is sent without being asked, and taken back by a withdrawal',
    hub: true,
    steps: [
      ...ENROLLED,
      { ask: 'today', keep: { unit: 'doors.2.unit', dwelling: 'doors.2.dwelling' } },
      { ask: 'save', with: { unit: '$unit', dwelling: '$dwelling', outcome: MET }, keep: { record: 'record' } },
      { hears: 'sync', like: { state: 'done', accepted: { $: 'least', of: 1 } } },
      { ask: 'receipts', gives: [{ record: '$record', state: 'accepted' }] },
      { ask: 'withdraw', with: { record: '$record', reason: '门牌看错' }, gives: { records: SOME } },
      { call: 'sync', gives: { state: 'done' } },
      { ask: 'household', with: { unit: '$unit' }, gives: { history: { $: 'holds', words: '"taken_back":true' } } },
    ],
  },
  {
    name: 'a request raised on a visit is handled and told, and each answer is sent without being asked',
    hub: true,
    steps: [
      ...ENROLLED,
      { ask: 'today', keep: { unit: 'doors.4.unit', dwelling: 'doors.4.dwelling' } },
      { ask: 'save', with: { unit: '$unit', dwelling: '$dwelling', outcome: MET, requests: [{ words: '楼道灯坏了' }] }, gives: { record: SOME } },
      { hears: 'sync', like: { state: 'done', accepted: { $: 'least', of: 1 } } },
      { ask: 'household', with: { unit: '$unit' }, gives: { requests: [{ words: '', answers: NONE }] } },
      { ask: 'open', with: { unit: '$unit' }, gives: { requests: [{ words: '楼道灯坏了', step: null, answers: ['handled'] }] }, keep: { request: 'requests.0.id' } },
      { ask: 'answer_request', with: { unit: '$unit', request: '$request', answer: 'handled', words: '' }, fails: { remedy: 'fix-form', problems: SOME } },
      {
        ask: 'answer_request',
        with: { unit: '$unit', request: '$request', answer: 'handled', words: '换了灯泡' },
        gives: { requests: [{ to_tell: true, result: '换了灯泡', answers: ['told'] }] },
      },
      { hears: 'changed' },
      { hears: 'sync', like: { state: 'done', accepted: { $: 'least', of: 1 } } },
      { ask: 'answer_request', with: { unit: '$unit', request: '$request', answer: 'told', words: '' }, gives: { requests: [{ to_tell: false, answers: NONE }] } },
      { call: 'sync', gives: { state: 'done' } },
      { ask: 'state', gives: { outbox: { unsent: 0, accepted: 3 } } },
    ],
  },
  {
    name: 'who is asked nothing has no messages, and an answer to nobody is a trouble that changes nothing',
    hub: true,
    steps: [
      ...ENROLLED,
      { ask: 'messages', gives: { revisits: NONE, findings: NONE, lines: NONE, waiting: 0 } },
      { ask: 'today', gives: { waiting: 0 } },
      { ask: 'answer_revisit', with: { key: `${NOBODYS}/0/1`, told: null }, fails: { remedy: 'fix-form', problems: [{ field: 'told' }] } },
      { ask: 'answer_revisit', with: { key: `${NOBODYS}/0/1`, told: 'came' }, fails: { remedy: 'fix-form', words: SOME } },
      { ask: 'account', with: { finding: NOBODYS, account: null }, fails: { remedy: 'fix-form', problems: [{ field: 'account' }] } },
      { ask: 'account', with: { finding: NOBODYS, account: 'as-recorded' }, fails: { remedy: 'fix-form', words: SOME } },
      { ask: 'appeal', with: { finding: NOBODYS, words: '不同意' }, fails: { remedy: 'fix-form', words: SOME } },
      { ask: 'reply_line', with: { line: '6/1', words: '不同意' }, fails: { remedy: 'fix-form', problems: [{ field: 'line' }] } },
      { ask: 'reply_line', with: { line: NOBODYS, words: '不同意' }, fails: { remedy: 'fix-form', words: SOME } },
      { ask: 'appeal_line', with: { line: NOBODYS, words: '不同意' }, fails: { remedy: 'fix-form', words: SOME } },
      { ask: 'state', gives: { outbox: { unsent: 0 } } },
    ],
  },
  {
    name: 'a forgotten passcode loses nothing: what was put aside opens with it when it comes to mind',
    hub: true,
    steps: [
      ...ENROLLED,
      { line: 'off' },
      { ask: 'today', keep: { unit: 'doors.3.unit', dwelling: 'doors.3.dwelling' } },
      { ask: 'save', with: { unit: '$unit', dwelling: '$dwelling', outcome: MET }, keep: { record: 'record' } },
      { call: 'lock' },
      { call: 'begin_anew', gives: { standing: 'new' } },
      { call: 'create', with: ['the second one'], gives: { standing: 'open' } },
      { ask: 'state', gives: { who: null, outbox: { unsent: 0 } } },
      { call: 'lock' },
      { call: 'unlock', with: [PASSCODE], gives: { standing: 'open' } },
      { ask: 'receipts', gives: [{ record: '$record', state: 'unsent' }] },
      { line: 'on' },
      { call: 'sync', gives: { state: 'done' } },
      { ask: 'receipts', gives: [{ record: '$record', state: 'accepted' }] },
    ],
  },
  {
    name: 'a practice answers in the place of the file, and leaves nothing behind',
    hub: true,
    steps: [
      ...ENROLLED,
      { ask: 'state', gives: { practice: null } },
      { ask: 'practice', with: { on: true }, gives: { practice: { lessons: { $: 'least', of: 6 } } } },
      { ask: 'today', with: { day: null, grid: null }, gives: { quarter: { done: 0, due: 6 } }, keep: { unit: 'doors.0.unit', dwelling: 'doors.0.dwelling' } },
      { ask: 'save', with: { unit: '$unit', dwelling: '$dwelling', outcome: MET }, gives: { done: 1, due: 6 } },
      { ask: 'state', gives: { outbox: { unsent: 1 }, practice: { lessons: { $: 'holds', words: '"tried":true' } } } },
      { call: 'sync', gives: { state: 'done', accepted: 0, put_aside: 0 } },
      { ask: 'practice', with: { on: false }, gives: { practice: null, outbox: { unsent: 0, accepted: 0 } } },
      { ask: 'receipts', gives: NONE },
      { ask: 'household', with: { unit: '$unit' }, fails: { remedy: 'fix-form' } },
      { ask: 'practice', with: { on: true }, gives: { practice: { lessons: { $: 'lacks', words: '"tried":true' } } } },
      { kill: true },
      { call: 'unlock', with: [PASSCODE], gives: { standing: 'open' } },
      { ask: 'state', gives: { practice: null } },
    ],
  },
  {
    name: 'a day off is kept in the file, and nothing is sent of it',
    hub: true,
    steps: [
      ...ENROLLED,
      { ask: 'own_days', gives: { days: SOME }, keep: { day: 'days.0.on' } },
      { ask: 'own_day', with: { on: '$day', off: true }, gives: { days: { $: 'holds', words: '"off":true' } } },
      { ask: 'state', gives: { outbox: { unsent: 0 } } },
      { kill: true },
      { call: 'unlock', with: [PASSCODE], gives: { standing: 'open' } },
      { ask: 'own_days', gives: { days: { $: 'holds', words: '"off":true' } } },
      { ask: 'own_day', with: { on: '$day', off: false }, gives: { days: { $: 'lacks', words: '"off":true' } } },
    ],
  },
];
