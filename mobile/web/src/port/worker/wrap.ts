// 包钥匙 – wraps the key of a file under a passcode and a key of this browser, and unwraps it.
import { atField, later } from './messages';
import type { KeyRecord } from './shelf';

/** argon2id, as the wasm does it. */
export type Derive = (passcode: string, salt: Uint8Array, memory_kib: number, passes: number) => Uint8Array;

/** Wrong passcodes in a row that cost no wait: a thumb slips. */
const FREE = 3;
/** The wait after each further one, in milliseconds; the last again and again. */
const WAITS = [5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000];

/** How long the next try waits after so many wrong ones. */
export function wait_ms(wrong: number): number {
  return wrong <= FREE ? 0 : (WAITS[Math.min(wrong - FREE, WAITS.length) - 1] ?? 0);
}

/** How long a record's next try still waits; a clock that was set back makes it no longer than it was. */
export function left_ms(record: KeyRecord, now: number): number {
  return Math.max(0, Math.min(record.wait_until - now, wait_ms(record.wrong)));
}

/** Wraps a file's key anew. */
export async function wrap(
  file: string,
  key: Uint8Array,
  passcode: string,
  cost: readonly [number, number],
  derive: Derive,
): Promise<KeyRecord> {
  const [memory_kib, passes] = cost;
  const salt = random(16);
  const inner_iv = random(12);
  const outer_iv = random(12);
  const device = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const stretched = await passcodeKey(passcode, salt, memory_kib, passes, derive);
  const inner = await crypto.subtle.encrypt(aes(inner_iv, file), stretched, bytes(key));
  const outer = await crypto.subtle.encrypt(aes(outer_iv, file), device, inner);
  const wrapped = new Uint8Array(outer);
  return { file, version: 1, salt, memory_kib, passes, device, inner_iv, outer_iv, wrapped, wrong: 0, wait_until: 0 };
}

/** The file's key, or null when the passcode is another. */
export async function unwrap(record: KeyRecord, passcode: string, derive: Derive): Promise<Uint8Array | null> {
  const { salt, memory_kib, passes, file } = record;
  let inner: ArrayBuffer;
  try {
    inner = await crypto.subtle.decrypt(aes(record.outer_iv, file), record.device, bytes(record.wrapped));
  } catch {
    throw later('本机密钥记录不可读,请重新打开浏览器再试 / the key record cannot be read: restart the browser and try again');
  }
  const stretched = await passcodeKey(passcode, salt, memory_kib, passes, derive);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(aes(record.inner_iv, file), stretched, inner));
  } catch {
    return null;
  }
}

/** Bytes of the browser's randomness. */
export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** What is said to a wrong passcode. */
export const wrongPasscode = () => atField('passcode', '口令不对 / that is not the passcode');

/** What is said to a try that comes too early. */
export const tooEarly = (left: number) => {
  const seconds = Math.max(1, Math.ceil(left / 1000));
  return atField('passcode', `口令多次不对,请 ${seconds} 秒后再试 / too many wrong passcodes: wait ${seconds} seconds`);
};

async function passcodeKey(
  passcode: string,
  salt: Uint8Array,
  memory_kib: number,
  passes: number,
  derive: Derive,
): Promise<CryptoKey> {
  const raw = derive(passcode.normalize('NFC'), salt, memory_kib, passes);
  try {
    return await crypto.subtle.importKey('raw', bytes(raw), 'AES-GCM', false, ['encrypt', 'decrypt']);
  } finally {
    raw.fill(0);
  }
}

// The file's name is bound to the key: records cannot be swapped between files.
const aes = (iv: Uint8Array, file: string): AesGcmParams => ({
  name: 'AES-GCM',
  iv: bytes(iv),
  additionalData: bytes(new TextEncoder().encode(`ruhu/1/${file}`)),
});

// TypeScript tells arrays over shared memory apart; none of ours is.
const bytes = (of: Uint8Array) => of as Uint8Array<ArrayBuffer>;
