// The Worker: loads the wasm, holds the file open, and answers the page. It ends when the file is locked, and with it
// everything that was readable.
import init from '../wasm/ruhu_web';
import type { SyncState } from './port';
import { take, missing } from './worker/disk';
import { enrol, sync } from './worker/carrier';
import { lend } from './worker/initial';
import { type Kept, type Numbered, type Question, Told, type Word, atField, later, support } from './worker/messages';
import { Vault } from './worker/vault';
import type { Trouble } from './types';

let vault: Vault | null = null;
let syncing: Promise<SyncState> | null = null;
/** Ends what is on its way to the hub and back. */
let stop = new AbortController();
/** Whatever touches file or key goes one after the other. */
let turn: Promise<unknown> = Promise.resolve();

self.addEventListener('message', (event: MessageEvent<Numbered>) => {
  void answered(event.data);
});

async function answered(question: Numbered): Promise<void> {
  const { id } = question;
  try {
    say({ id, answer: await answer(question) });
  } catch (why) {
    const trouble = troubleOf(why);
    say(trouble ? { id, trouble } : { id, trap: why instanceof Error ? why.name : 'unknown' });
  }
}

async function answer(question: Question): Promise<unknown> {
  switch (question.do) {
    case 'start':
      return inTurn(() => undefined, true);
    case 'create':
      return inTurn((one) => one.create(question.passcode));
    case 'unlock':
      return inTurn((one) => one.unlock(question.passcode));
    case 'change':
      return inTurn((one) => one.change(question.old, question.next));
    case 'begin_anew':
      return inTurn(async (one) => {
        await quiet();
        await one.beginAnew();
      });
    case 'close':
      return inTurn(async (one) => {
        await quiet();
        one.close();
      });
    case 'ask':
      return book().ask(question.name, question.with);
    case 'enrol':
      return enrol(book, question.code, question.hub_url, stop.signal);
    case 'sync':
      return synced(question.now);
  }
}

/**
 * Does one thing with the vault after the other, and tells how the file stands then. Where there is no storage, that is
 * an answer to whoever only asks how it stands, and a trouble to everybody else.
 */
function inTurn(work: (vault: Vault) => void | Promise<void>, asking = false): Promise<Kept> {
  const mine = turn.then(async () => {
    const missed = await ready();
    if (!vault) {
      if (asking && missed) return missed;
      throw support(missed?.why ?? '');
    }
    await work(vault);
    return vault.kept();
  });
  turn = mine.catch(() => undefined);
  return mine;
}

/** Loads the wasm and takes hold of the disk, once. */
async function ready(): Promise<Kept | null> {
  if (vault) return null;
  const why = await missing();
  if (why) return nowhere(why);
  lend();
  await init({ module_or_path: new URL('../wasm/ruhu_web_bg.wasm', import.meta.url) });
  try {
    vault = await Vault.over(await take());
    return null;
  } catch (why) {
    if (why instanceof WebAssembly.RuntimeError) throw why;
    return nowhere('本机文件正被占用或不可用,请关闭其他窗口后重新打开 / the files are in use or out of order: close other windows and open this again');
  }
}

/** Nothing is on its way any more: the file may be closed. */
async function quiet(): Promise<void> {
  stop.abort();
  stop = new AbortController();
  await syncing?.catch(() => undefined);
}

/** One sync at a time: whoever asks meanwhile gets the answer of the one on its way. */
async function synced(now: boolean): Promise<SyncState> {
  syncing ??= sync(book(), now, stop.signal, (sync) => say({ sync })).finally(() => {
    syncing = null;
  });
  const state = await syncing;
  if (state.state === 'erased' && vault?.book) {
    await inTurn((one) => one.erase());
    say({ erased: vault.kept() });
  }
  say({ sync: state });
  return state;
}

function book() {
  if (!vault?.book) throw atField('passcode', '已锁,请输入口令 / locked: enter the passcode');
  return vault.book;
}

function nowhere(why: string): Kept {
  return { standing: 'no-storage', wait_until: null, why };
}

/** What the core or this script threw on purpose; null for a trap. */
function troubleOf(why: unknown): Trouble | null {
  if (why instanceof Told) return why.trouble;
  if (typeof why === 'string') {
    try {
      return JSON.parse(why) as Trouble;
    } catch {
      return later('浏览器存储出错,请稍后再试 / the browser\'s storage failed: try again later').trouble;
    }
  }
  if (why instanceof DOMException) {
    return later('浏览器存储出错,请稍后再试 / the browser\'s storage failed: try again later').trouble;
  }
  return null;
}

function say(word: Word): void {
  self.postMessage(word);
}
