// How long a cold start offline takes, from the passcode to the due list, and a save: node tests/cold.mjs [households]
//
// Each of five starts is a fresh page and Worker. Chromium slows only a page's own thread, and the work is the Worker's:
// what is measured here is multiplied by the factor the bar names. The last line is JSON, in milliseconds.
import { join } from 'node:path';
import { bundle, openPage, program, run, scratch, startBrowser, startHub, startLine, web } from './host/stage.mjs';

const SLOWED = 4;
const PASSCODE = '入户 2026';
const households = Number(process.argv[2] ?? 1000);
const hub = await startHub({ households });
const pages = await bundle();
const stage = await startLine({ files: { '/host/': join(pages, 'host'), '/wasm/': join(web, 'src/wasm') }, hubPort: hub.port });
const browser = await startBrowser(scratch('profile'));
const origin = stage.origin('cold');
const worker = hub.workers[0].id;
// One worker covers every grid, so that one phone holds everything.
for (const grid of [2, 3, 4, 5, 6].map((one) => `第${one}网格`)) {
  try {
    run(program('ruhu'), ['cover', grid, '--worker', worker, '--from', day(0), '--to', day(60), '--data', hub.data]);
  } catch (why) {
    console.log(`    ${String(why.message).split('\n')[0]}`);
  }
}

const first = await openPage(browser, origin);
await first.call('create', PASSCODE);
await first.call('enrol', hub.invite(worker, origin).scanned, null);
const began = performance.now();
await first.call('sync');
const load = performance.now() - began;
const { doors } = await first.call('ask', 'today', {});
const mine = await first.call('ask', 'mine', {});
const { used_bytes } = await first.call('host');
await first.page.close();
stage.line.on = false;

const figures = { ready: [], unlock: [], list: [], again: [], save: [] };
for (let start = 0; start < 5; start += 1) {
  const from = performance.now();
  const { page, call } = await openPage(browser, origin);
  await call('host');
  const time = async (into, verb, ...args) => {
    const answer = await page.evaluate(async ([verb, args]) => {
      const from = performance.now();
      const answer = await window.call(verb, args);
      return { ms: performance.now() - from, ok: 'gives' in answer, record: answer.gives?.record };
    }, [verb, args]);
    if (!answer.ok) throw new Error(verb);
    figures[into].push(answer.ms);
  };
  figures.ready.push(performance.now() - from);
  await time('unlock', 'unlock', PASSCODE);
  await time('list', 'ask', 'today', {});
  await time('again', 'ask', 'today', {});
  const door = doors[start];
  await time('save', 'ask', 'save', { unit: door.unit, dwelling: door.dwelling, outcome: { code: 'not-home' } });
  await page.close();
}
await browser.close();
stage.stop();
hub.stop();

const median = (of) => [...of].sort((one, other) => one - other)[Math.floor(of.length / 2)];
const told = Object.fromEntries(Object.entries(figures).map(([name, of]) => [name, Math.round(median(of))]));
console.log(`households ${mine.households}, doors due ${doors.length}, file and caches ${Math.round(used_bytes / 1024)} KiB, first load ${Math.round(load)} ms`);
console.log(`page and Worker ready ${told.ready} ms; unlock (argon2id, opening) ${told.unlock} ms; due list ${told.list} ms, again ${told.again} ms; save ${told.save} ms`);
console.log(`at a quarter of the speed: due list ${told.list * SLOWED} ms after the unlock, save ${told.save * SLOWED} ms`);
console.log(JSON.stringify({ households: mine.households, doors: doors.length, first_load_ms: Math.round(load), ...told, slowed: SLOWED, list_slowed_ms: told.list * SLOWED, save_slowed_ms: told.save * SLOWED }));
process.exit(0);

function day(after) {
  return new Date(Date.now() + after * 86_400_000).toISOString().slice(0, 10);
}
