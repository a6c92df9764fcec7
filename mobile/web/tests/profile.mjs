// While the file is locked, nobody's name stands anywhere in the browser's folder: node tests/profile.mjs
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, openPage, scratch, startBrowser, startHub, startLine, web } from './host/stage.mjs';

const PASSCODE = '入户 2026';
const hub = await startHub();
const pages = await bundle();
const stage = await startLine({ files: { '/host/': join(pages, 'host'), '/wasm/': join(web, 'src/wasm') }, hubPort: hub.port });
const folder = scratch('profile');
const browser = await startBrowser(folder);
const origin = stage.origin('profile');
const { call } = await openPage(browser, origin);

await call('create', PASSCODE);
await call('enrol', hub.invite(hub.workers[0].id, origin).scanned, null);
await call('sync');
const { doors } = await call('ask', 'today', {});
const words = new Set();
for (const { unit } of doors.slice(0, 60)) {
  const home = await call('ask', 'open', { unit });
  for (const member of home.members) {
    if (/^\p{Script=Han}{2,4}$/u.test(member.name)) words.add(member.name);
    for (const field of member.fields) if (/^1\d{10}$/.test(field.value)) words.add(field.value);
  }
  await call('ask', 'keep_draft', { unit, note: `问过${home.members[0]?.name ?? ''}` });
}
if (words.size < 20) throw new Error(`only ${words.size} names and numbers to look for`);

// The searcher itself: it must find what is there.
writeFileSync(join(folder, 'control'), Buffer.from(`…${[...words][0]}…`, 'utf16le'));
let failed = found('control', 1);
writeFileSync(join(folder, 'control'), '');
failed += found('open', 0);
await call('lock');
failed += found('locked', 0);
await browser.close();
failed += found('closed', 0);
stage.stop();
hub.stop();
console.log(failed === 0 ? 'RESULT: no name in the folder' : 'RESULT: FAILED');
process.exit(failed === 0 ? 0 : 1);

/** 0 when as many files hold a name as were expected. */
function found(when, expected) {
  const needles = [...words].flatMap((word) => [Buffer.from(word, 'utf8'), Buffer.from(word, 'utf16le')]);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  let hits = 0;
  let bytes = 0;
  for (const one of files) {
    const content = readFileSync(join(one.parentPath, one.name));
    bytes += content.length;
    if (!needles.some((needle) => content.includes(needle))) continue;
    hits += 1;
    if (expected === 0) console.log(`    found in ${join(one.parentPath, one.name)}`);
  }
  console.log(`profile: ${when}: ${words.size} names and numbers, ${files.length} files, ${bytes} bytes, found in ${hits} ... ${hits === expected ? 'ok' : 'FAILED'}`);
  return hits === expected ? 0 : 1;
}
