// What every walk over the desk's pages shares: one hub with a demo, visitors whose pages are looked at, signing in.
import { createHmac } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const { now, startEmptyHub, startHub } = await import(join(root, 'mobile/web/tests/screens/bench.mjs'));
const tools = createRequire(join(root, 'mobile/web/package.json'));
const { chromium } = tools('playwright-core');
const axe = readFileSync(tools.resolve('axe-core/axe.min.js'), 'utf8');
export const pictures = process.argv[2] === 'pictures' ? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'pictures/desk') : null;
if (pictures !== null) mkdirSync(pictures, { recursive: true });

export const hub = await startHub();
export const address = `http://127.0.0.1:${hub.port}`;
export const { logins } = JSON.parse(readFileSync(join(hub.data, 'demo.json'), 'utf8'));
export const as = (role) => logins.find((login) => login.role === role);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
process.on('exit', () => browser.close());

export const wrong = [];
/** How many pages were looked at. */
export const seen = { looked: 0 };

/** So many days after a day written as in `2026-09-10`. */
export const after = (day, days) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** A visitor; `look` holds what is seen to what every page has to keep. */
export async function visitor(name, viewport, lang) {
  const context = await browser.newContext({ viewport, locale: lang === 'zh' ? 'zh-CN' : 'en-GB' });
  const page = await context.newPage();
  page.on('console', (line) => line.type() === 'error' && !/status of 4(01|03|04|22)/.test(line.text()) && wrong.push(`${name}: ${line.text()}`));
  const look = async (what) => {
    seen.looked += 1;
    const here = `${name} ${what}`;
    // Into an isolated world: the pages' own policy lets no script in.
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    for (const one of found.violations) wrong.push(`${here}: ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 140)).join(' | ')}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (0 < wide) wrong.push(`${here}: ${wide} pixels wider than its window`);
    if (pictures !== null) await page.screenshot({ path: join(pictures, `${name}-${what}.png`), fullPage: true });
  };
  return { page, look, close: () => context.close() };
}

export function want(holds, words) {
  if (!holds) wrong.push(words);
}

export async function signIn(page, login, lang, look) {
  await page.goto(`${address}/login?lang=${lang}`);
  await page.fill('input[name=name]', login.name);
  await page.fill('input[name=password]', login.password);
  await page.click('button[type=submit]');
  if (!login.totp) return;
  await look?.('login-code');
  await page.fill('#code', code(login.totp, now()));
  await page.click('main form > button[type=submit]');
}

/** The last step each key gave a code of: none is taken twice. */
const steps = new Map();

/** What an authenticator app shows (RFC 6238), or will show next where this code was used. */
export function code(letters, at) {
  const bits = [...letters.replaceAll(' ', '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Math.max(Math.floor(at / 30_000), (steps.get(letters) ?? 0) + 1);
  steps.set(letters, step);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
