// 传送 – carries bytes between the core and the hub by `fetch`. What to send and what an answer means the core says.
import type { Book } from '../../wasm/ruhu_web';
import type { SyncState } from '../port';
import { later } from './messages';

/** Longest wait for an answer, in milliseconds: a first load over a bad line takes minutes. */
const ANSWER_WITHIN = 180_000;
/** A first load is kept in parts of this size: a cut costs nothing, a kill at most this much. */
const PART_BYTES = 64 * 1024;
/** No answer of the protocol is longer. */
const REPLY_MAX_BYTES = 8 * 1024 * 1024;

const IDLE: SyncState = {
  state: 'idle',
  loaded_bytes: null,
  total_bytes: null,
  retry_at: null,
  accepted: 0,
  put_aside: 0,
  brought: 0,
};

interface Step {
  url?: string;
  body?: Uint8Array<ArrayBuffer>;
  headers?: [string, string][];
  end?: string;
}

/** Posts the one-time code, and takes the answer. */
export async function enrol(book: () => Book, code: string, hub_url: string, stop: AbortSignal): Promise<void> {
  const post = book().enrol_request(code, hub_url) as { url: string; body: Uint8Array<ArrayBuffer> };
  const headers = { 'content-type': 'application/json' };
  const answer = await asked(post.url, { method: 'POST', body: post.body, headers }, stop);
  const body = answer && (await whole(answer));
  if (!answer || !body) {
    throw later('连不上中心,请联网后再试;登记码仍有效 / no answer from the hub: go online and try again, the code still holds');
  }
  // Locked meanwhile, there is no book any more.
  book().enrol_answered(answer.status, body);
}

/** Sends and receives until both sides hold the same, or something else is to be done first; `stop` ends it soon. */
export async function sync(
  book: Book,
  now: boolean,
  stop: AbortSignal,
  tell: (state: SyncState) => void,
): Promise<SyncState> {
  book.sync_begin(now);
  let loaded = { have: null as number | null, total: null as number | null };
  const running = (): SyncState => ({ ...IDLE, state: 'running', loaded_bytes: loaded.have, total_bytes: loaded.total });
  tell(running());
  for (;;) {
    const step = book.sync_next() as Step;
    if (step.end !== undefined) {
      return { ...IDLE, ...(JSON.parse(step.end) as Partial<SyncState>), loaded_bytes: loaded.have, total_bytes: loaded.total };
    }
    if (step.headers) {
      await load(book, step.url ?? '', step.headers, stop, (progress) => {
        loaded = progress;
        tell(running());
      });
    } else {
      const answer = await asked(step.url ?? '', { method: 'POST', body: step.body ?? null }, stop);
      const body = answer && (await whole(answer));
      if (answer && body) book.sync_answered(answer.status, body);
      else book.sync_failed();
    }
  }
}

/** One request for the first load, and as much of its answer as comes. */
async function load(
  book: Book,
  url: string,
  headers: [string, string][],
  stop: AbortSignal,
  tell: (progress: { have: number; total: number }) => void,
): Promise<void> {
  const answer = await asked(url, { headers }, stop);
  if (!answer) return book.load_cut(false);
  const head = (name: string) => answer.headers.get(name) ?? undefined;
  if (!book.load_head(answer.status, head('etag'), head('content-range'), head('content-length'))) {
    return book.load_refused(answer.status, (await whole(answer)) ?? new Uint8Array());
  }
  let gained = false;
  for await (const part of parts(answer)) {
    tell(JSON.parse(book.load_bytes(part)) as { have: number; total: number });
    gained = true;
  }
  book.load_cut(gained);
}

/** The answer, or null when none came. */
async function asked(url: string, request: RequestInit, stop: AbortSignal): Promise<Response | null> {
  if (stop.aborted) return null;
  const cut = new AbortController();
  const end = () => cut.abort();
  setTimeout(end, ANSWER_WITHIN);
  stop.addEventListener('abort', end);
  try {
    return await fetch(url, {
      ...request,
      cache: 'no-store',
      credentials: 'omit',
      // A redirect would carry a signed request elsewhere.
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: cut.signal,
    });
  } catch {
    return null;
  }
}

/** The whole body, or null when it broke off or is longer than any answer. */
async function whole(answer: Response): Promise<Uint8Array | null> {
  const kept: Uint8Array[] = [];
  let length = 0;
  const reader = answer.body?.getReader();
  try {
    for (;;) {
      const next = await reader?.read();
      if (!next || next.done) break;
      length += next.value.length;
      if (REPLY_MAX_BYTES < length) {
        await reader?.cancel();
        return null;
      }
      kept.push(next.value);
    }
  } catch {
    return null;
  }
  return joined(kept, length);
}

/** The body in parts of about {@link PART_BYTES}, and what came before the line broke. */
async function* parts(answer: Response): AsyncGenerator<Uint8Array> {
  const reader = answer.body?.getReader();
  let kept: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const next = await reader?.read().catch(() => undefined);
    if (next?.value) {
      kept.push(next.value);
      length += next.value.length;
    }
    const over = !next || next.done;
    if (0 < length && (over || PART_BYTES <= length)) {
      yield joined(kept, length);
      kept = [];
      length = 0;
    }
    if (over) return;
  }
}

function joined(kept: Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const one of kept) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}
