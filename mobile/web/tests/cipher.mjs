// One SQLCipher file under one raw key, natively and in Chromium, both ways: node tests/cipher.mjs
//
// Needs the native program: cargo build -p ruhu-core --features sqlcipher --example keyed
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, program, run, scratch, startBrowser, startLine, web } from './host/stage.mjs';

const keyed = program('examples/keyed');
const key = [...crypto.getRandomValues(new Uint8Array(32))];
const digits = Buffer.from(key).toString('hex');
const folder = scratch('cipher');
const pages = await bundle();
const stage = await startLine({ files: { '/host/': join(pages, 'host'), '/wasm/': join(web, 'src/wasm') } });
const browser = await startBrowser(scratch('profile'));
let failed = 0;

const made = await inBrowser('made', null);
say('a file made in Chromium does not open with another key', made.wrong.includes('密钥不符'));
say('it is no plain SQLite file', !Buffer.from(made.bytes).subarray(0, 15).equals(Buffer.from('SQLite format 3')));
writeFileSync(join(folder, 'browser.ruhu'), Buffer.from(made.bytes));
const looked = JSON.parse(run(keyed, ['look', join(folder, 'browser.ruhu'), digits]));
say('it opens natively with its key, and holds the same', same(looked, made.own));
const back = await inBrowser('back', readFileSync(join(folder, 'browser.ruhu')));
say('and in Chromium again after the native program used it', same(back.own, made.own));

const native = JSON.parse(run(keyed, ['make', join(folder, 'native.ruhu'), digits]));
const opened = await inBrowser('native', readFileSync(join(folder, 'native.ruhu')));
say('a file made natively opens in Chromium with its key, and holds the same', same(opened.own, native));
say('and does not with another', opened.wrong.includes('密钥不符'));

await browser.close();
stage.stop();
console.log(failed === 0 ? 'RESULT: one file, both ways' : 'RESULT: FAILED');
process.exit(failed === 0 ? 0 : 1);

async function inBrowser(name, bytes) {
  const page = await browser.newPage();
  await page.goto(`${stage.origin(name)}/`);
  const answer = await page.evaluate(async ({ bytes, key }) => {
    const worker = new Worker('/host/cipher.js', { type: 'module' });
    const said = new Promise((done) => (worker.onmessage = (event) => done(event.data)));
    worker.postMessage({ bytes: bytes && new Uint8Array(bytes), key: new Uint8Array(key) });
    const { answer, why } = await said;
    return why ? { why } : { ...answer, bytes: [...answer.bytes] };
  }, { bytes: bytes && [...bytes], key });
  await page.close();
  if (answer.why) throw new Error(`in Chromium: ${answer.why}`);
  return answer;
}

function same(one, other) {
  return one.length === 32 && one.every((byte, at) => byte === other[at]);
}

function say(what, holds) {
  if (!holds) failed += 1;
  console.log(`cipher: ${what} ... ${holds ? 'ok' : 'FAILED'}`);
}
