// How a browser's file stands on bad days: two tabs, a trap, a revoked phone, no storage: node tests/standing.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, openPage, program, run, scratch, startBrowser, startHub, startLine, until, web } from './host/stage.mjs';

const PASSCODE = '入户 2026';
const hub = await startHub();
const pages = await bundle();
const stage = await startLine({ files: { '/host/': join(pages, 'host'), '/wasm/': join(web, 'src/wasm') }, hubPort: hub.port });
const browser = await startBrowser(scratch('profile'));
let failed = 0;

await story('a second tab waits, says so, and takes over when the first one closes', async () => {
  const origin = stage.origin('tabs');
  const first = await openPage(browser, origin);
  await first.call('create', PASSCODE);
  const second = await openPage(browser, origin);
  is((await second.call('host')).standing, 'other-tab');
  is('fails' in (await second.tried('unlock', PASSCODE)), true);
  await first.page.close();
  await until('the second tab leads', async () => (await second.call('host')).standing === 'locked');
  is((await second.call('unlock', PASSCODE)).standing, 'open');
  const heard = await second.page.evaluate(() => window.heard.filter((one) => one.name === 'host').map((one) => one.event.standing));
  is(heard.includes('locked'), true);
  await second.page.close();
});

await story('a trap discards the Worker; what was saved is there under the same passcode', async () => {
  const origin = stage.origin('trap');
  const { page, call, tried } = await openPage(browser, origin);
  await call('create', PASSCODE);
  await call('enrol', hub.invite(hub.workers[0].id, origin).scanned, null);
  await call('sync');
  const { doors } = await call('ask', 'today', {});
  stage.line.on = false;
  const { record } = await call('ask', 'save', { unit: doors[0].unit, dwelling: doors[0].dwelling, outcome: { code: 'met-at-door' } });
  await page.workers()[0].evaluate(() => void setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable'); }));
  await until('it is locked', async () => (await call('host')).standing === 'locked');
  is('fails' in (await tried('ask', 'state', {})), true);
  await call('unlock', PASSCODE);
  is((await call('ask', 'receipts', {}))[0].record, record);
  stage.line.on = true;
  is((await call('sync')).state, 'done');
  is((await call('ask', 'receipts', {}))[0].state, 'accepted');
  await page.close();
});

await story('a revoked phone sends what it has first; then file and key are gone', async () => {
  const origin = stage.origin('revoked');
  const { page, call } = await openPage(browser, origin);
  await call('create', PASSCODE);
  await call('enrol', hub.invite(hub.workers[1].id, origin).scanned, null);
  await call('sync');
  const { doors } = await call('ask', 'today', {});
  const enrolment = (await call('ask', 'state', {})).who.enrolment;
  stage.line.on = false;
  await call('ask', 'save', { unit: doors[0].unit, dwelling: doors[0].dwelling, outcome: { code: 'not-home' } });
  run(program('ruhu'), ['device', 'revoke', enrolment, '--data', hub.data]);
  is((await call('sync')).state, 'waiting');
  is((await call('ask', 'state', {})).outbox.unsent, 1);
  stage.line.on = true;
  is((await call('sync')).state, 'erased');
  is((await call('host')).standing, 'erased');
  const left = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    let bytes = 0;
    const walk = async (folder) => {
      for await (const one of folder.values()) bytes += one.kind === 'file' ? (await one.getFile().catch(() => ({ size: 0 }))).size : await walk(one);
      return 0;
    };
    await walk(root);
    return bytes;
  });
  // Empty places of the pool have a head of one page each.
  is(left <= 16 * 4096, true);
  await page.reload();
  await page.waitForFunction(() => 'call' in window);
  is((await call('host')).standing, 'erased');
  is((await call('create', 'a new beginning')).standing, 'open');
  await page.close();
});

await story('a browser without sync handles says that it cannot keep a file, and why', async () => {
  const { page, call, tried } = await openPage(browser, stage.origin('old'), (page) =>
    page.route('**/host/worker.js', async (route) => {
      const script = readFileSync(join(pages, 'host/worker.js'), 'utf8');
      const body = `delete FileSystemFileHandle.prototype.createSyncAccessHandle;\n${script}`;
      await route.fulfill({ contentType: 'text/javascript', body });
    }),
  );
  const state = await call('host');
  is(state.standing, 'no-storage');
  is(state.why.includes('day sheet'), true);
  is('fails' in (await tried('create', PASSCODE)), true);
  await page.close();
});

await browser.close();
stage.stop();
hub.stop();
console.log(failed === 0 ? 'RESULT: all stories hold' : `RESULT: ${failed} stories FAILED`);
process.exit(failed === 0 ? 0 : 1);

async function story(name, play) {
  const why = await play().then(() => null, (error) => error);
  if (why) failed += 1;
  stage.line.on = true;
  console.log(`standing: ${name} ... ${why ? `FAILED\n    ${why.stack}` : 'ok'}`);
}

function is(found, expected) {
  if (found !== expected) throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}
