// The contract of the port (src/port/contract.ts) played in Chromium against a real hub: npm run contract
//
//   node tests/contract.mjs [words]   the cases whose name holds the words
//   node tests/contract.mjs --json    the cases as JSON, for the suites in Kotlin and Python
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundle, openPage, scratch, startBrowser, startHub, startLine, web } from './host/stage.mjs';
import { differs, filled, pick } from './host/pattern.mjs';

const CASES = await cases();
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify(CASES, null, 2)}\n`);
  process.exit(0);
}

const wanted = CASES.filter((one) => one.name.includes(process.argv[2] ?? ''));
const hub = wanted.some((one) => one.hub) ? await startHub() : null;
const pages = await bundle();
const stage = await startLine({ files: { '/host/': join(pages, 'host'), '/wasm/': join(web, 'src/wasm') }, hubPort: hub?.port });
const browser = await startBrowser(scratch('profile'));
let failed = 0;
for (const [number, one] of wanted.entries()) {
  const began = performance.now();
  const why = await play(one, `case${number}`).then(() => null, (error) => error);
  if (why) failed += 1;
  console.log(`browser: ${one.name} ... ${why ? 'FAILED' : 'ok'} (${Math.round(performance.now() - began)} ms)`);
  if (why) console.log(`    ${why.message}`);
}
await browser.close();
stage.stop();
hub?.stop();
console.log(failed === 0 ? `RESULT: ${wanted.length} cases hold` : `RESULT: ${failed} of ${wanted.length} cases FAILED`);
process.exit(failed === 0 ? 0 : 1);

async function play(one, name) {
  const origin = stage.origin(name);
  const kept = { hub: origin };
  if (one.hub) {
    const worker = hub.workers[0].id;
    Object.assign(kept, { code: hub.invite(worker, origin).scanned });
    if (JSON.stringify(one).includes('$typed')) kept.typed = hub.invite(worker, origin).typed;
  }
  stage.line.on = true;
  let { page, tried } = await openPage(browser, origin);
  for (const [at, step] of one.steps.entries()) {
    const told = (words) => new Error(`step ${at + 1}, ${JSON.stringify(step)}: ${words}`);
    if (step.kill) {
      await page.close();
      ({ page, tried } = await openPage(browser, origin));
    } else if (step.line) {
      stage.line.on = step.line === 'on';
    } else if (step.hears) {
      const ok = await hears(page, step, kept);
      if (!ok) throw told('nothing of it was heard');
    } else {
      const [verb, args] = step.ask ? ['ask', [step.ask, filled(step.with ?? {}, kept)]] : [step.call, filled(step.with ?? [], kept)];
      const answer = await tried(verb, ...args);
      const side = step.fails === undefined ? 'gives' : 'fails';
      if (!(side in answer)) throw told(`answered ${JSON.stringify(answer).slice(0, 400)}`);
      const why = differs(answer[side], filled(step[side] ?? {}, kept), step[side] === undefined);
      if (why) throw told(`${why} in ${JSON.stringify(answer[side]).slice(0, 400)}`);
      for (const [into, path] of Object.entries(step.keep ?? {})) kept[into] = pick(answer.gives, path);
    }
  }
  await page.close();
}

/** Waits until an event of that name was heard that is like it; what was heard so far is forgotten then. */
async function hears(page, step, kept) {
  const until = Date.now() + 20_000;
  while (Date.now() < until) {
    const heard = await page.evaluate(() => window.heard);
    const found = heard.find((one) => one.name === step.hears && (step.like === undefined || !differs(one.event, filled(step.like, kept))));
    if (found) {
      await page.evaluate(() => window.heard.splice(0));
      return true;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}

async function cases() {
  const made = await build({ entryPoints: [join(web, 'src/port/contract.ts')], bundle: true, format: 'esm', write: false, logLevel: 'error' });
  const text = Buffer.from(made.outputFiles[0].contents).toString('base64');
  return (await import(`data:text/javascript;base64,${text}`)).CASES;
}
