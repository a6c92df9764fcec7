// A hub with a demo community, the built app served beside it under the hub's own content policy, and a phone: Chromium at
// 360×740 with touch. What is started here is ended here.
//
//   RUHU_BIN   folder of `ruhu` and `ruhu-sim`; target/release or target/debug of this checkout where it is not said
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const web = join(dirname(fileURLToPath(import.meta.url)), '../..');
const root = join(web, '../..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
export const PASSCODE = '走访2026ab';

/** Early in a quarter most doors are due, whatever day it is outside: the community is worked up to here, and clocks of hub
 * and phone begin the morning after. */
const WORKED_TO = '2026-10-08';
const BEGINS = Date.parse('2026-10-09T09:00:00+08:00');
/** How far that is from the machine's clock, in milliseconds; the same for the whole run. */
const SHIFT = BEGINS - Date.now();
/** The time of hub and phones. */
export const now = () => Date.now() + SHIFT;
/** A day of the community, so many days from the hub's today. */
export const day = (days) => new Date(now() + 8 * 3600e3 + days * 864e5).toISOString().slice(0, 10);
/** Puts the clock of a page or a Worker there: a browser lets neither be set from outside a Worker. */
const CLOCK = `(() => {
  const Real = Date;
  const now = () => Real.now() + ${SHIFT};
  globalThis.Date = class extends Real {
    constructor(...some) {
      if (some.length === 0) super(now());
      else super(...some);
    }
    static now() {
      return now();
    }
  };
})();`;

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const KINDS = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json' };

const endings = [];
process.on('exit', () => endings.forEach((end) => end()));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

function folder(name) {
  const made = mkdtempSync(join(tmpdir(), `ruhu-${name}-`));
  endings.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function program(name) {
  const folders = process.env.RUHU_BIN ? [process.env.RUHU_BIN] : [join(target, 'release'), join(target, 'debug')];
  const built = folders.map((one) => join(one, name)).filter(existsSync);
  // The last one built: a release from last week is no judge of today's pages.
  const [found] = built.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  if (found === undefined) throw new Error(`${name} is not built: cargo build -p ruhu-server -p ruhu-sim, or say where it is by RUHU_BIN`);
  return found;
}

/** A demo community of so many households; made once a size and program, and copied. */
export async function startHub(households = 400) {
  const made = join(target, 'web-demo', `${households}-${WORKED_TO}`);
  // Made by an older program, it is another demo.
  const older = () => statSync(join(made, 'demo.json')).mtimeMs < statSync(program('ruhu-sim')).mtimeMs;
  if (!existsSync(join(made, 'demo.json')) || older()) {
    rmSync(made, { recursive: true, force: true });
    mkdirSync(dirname(made), { recursive: true });
    const done = spawnSync(program('ruhu-sim'), ['demo', '--data', made, '--households', String(households), '--today', WORKED_TO, '--prepare-only'], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (done.status !== 0) throw new Error('the demo community could not be made');
  }
  const data = join(folder('hub'), 'data');
  cpSync(made, data, { recursive: true });
  const card = join(data, 'demo.json');
  writeFileSync(card, JSON.stringify({ ...JSON.parse(readFileSync(card, 'utf8')), shift_ms: SHIFT }));
  const port = 20000 + (process.pid % 20000);
  const hub = spawn(program('ruhu-sim'), ['demo', '--data', data, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  endings.push(() => hub.kill());
  let said = '';
  const invitation = await new Promise((resolve, reject) => {
    hub.on('exit', () => reject(new Error(`the hub ended: ${said}`)));
    hub.stdout.on('data', (some) => {
      said += some;
      const found = /#enrol=[^'\s]+/.exec(said);
      if (found !== null) resolve(found[0]);
    });
  });
  const worker = /\(([^()]+)\)\s*\n\s*\S+ruhu-phone/.exec(said)?.[1] ?? '';
  return {
    port,
    data,
    worker,
    invitation,
    /** One more code, for the same worker or another one. */
    invite(who = worker) {
      const done = spawnSync(program('ruhu'), ['enrol', who, '--data', data, '--url', `http://127.0.0.1:${port}`], { encoding: 'utf8' });
      const found = /#enrol=[^'\s]+/.exec(done.stdout + done.stderr);
      if (found === null) throw new Error(`no code: ${done.stdout}${done.stderr}`);
      return found[0];
    },
  };
}

/** A hub nobody has set up yet, with the token it printed. */
export async function startEmptyHub() {
  const port = 20000 + ((process.pid + 7) % 20000);
  const hub = spawn(program('ruhu'), ['serve', '--data', join(folder('empty'), 'data'), '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  endings.push(() => hub.kill());
  let said = '';
  const token = await new Promise((resolve, reject) => {
    hub.on('exit', () => reject(new Error(`the hub ended: ${said}`)));
    hub.stdout.on('data', (some) => {
      said += some;
      const found = /^ {2}([0-9A-Z-]{17})$/m.exec(said);
      if (found !== null && /open: http/.test(said)) resolve(found[1]);
    });
  });
  const address = `http://127.0.0.1:${port}`;
  // It prints before it listens.
  const answers = () => fetch(address).then(() => true, () => false);
  while (!(await answers())) await new Promise((go) => setTimeout(go, 50));
  return { address, token };
}

/** Serves dist/ at /app/ and passes /v1 on; `cut(true)` is a phone without a line. */
export async function startServer(hubPort) {
  const dist = join(web, 'dist');
  if (!existsSync(join(dist, 'index.html'))) throw new Error('nothing is built: npm run wasm && npm run build');
  let cut = false;
  const server = createServer((asked, answer) => {
    if (cut) return void asked.socket.destroy();
    const path = new URL(asked.url, 'http://x').pathname;
    if (!path.startsWith('/app/')) {
      const on = request({ host: '127.0.0.1', port: hubPort, path: asked.url, method: asked.method, headers: asked.headers }, (reply) => {
        answer.writeHead(reply.statusCode, reply.headers);
        reply.pipe(answer);
      });
      on.on('error', () => answer.destroy());
      return void asked.pipe(on);
    }
    const file = join(dist, normalize(path.slice(5) || 'index.html'));
    if (!file.startsWith(dist) || !existsSync(file)) return void answer.writeHead(404).end();
    answer.writeHead(200, { 'content-type': KINDS[extname(file)] ?? 'application/octet-stream', 'content-security-policy': POLICY, 'cache-control': 'no-cache' });
    const bytes = readFileSync(file);
    answer.end(/worker-[^/]*\.js$/.test(file) ? Buffer.concat([Buffer.from(CLOCK), bytes]) : bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return { url: `http://127.0.0.1:${server.address().port}/app/`, cut: (now) => (cut = now) };
}

/** A phone with a profile of its own; `phone.restart()` is a phone that was switched off in between. */
export async function startPhone(options = {}) {
  const profile = folder('phone');
  const phone = { context: null, page: null, faults: [] };
  const open = async () => {
    phone.context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
      viewport: { width: 360, height: 740 },
      deviceScaleFactor: 2,
      hasTouch: true,
      isMobile: true,
      locale: 'zh-CN',
      ...options,
    });
    await phone.context.addInitScript(CLOCK);
    phone.page = phone.context.pages()[0] ?? (await phone.context.newPage());
    phone.page.on('pageerror', (why) => phone.faults.push(`page: ${why.message}`));
    // A line that is cut says so on the console; that is no fault of the page.
    phone.page.on('console', (line) => {
      if (line.type() === 'error' && !/net::ERR|Failed to load resource/.test(line.text())) phone.faults.push(`console: ${line.text()}`);
    });
  };
  phone.close = () => phone.context.close();
  phone.restart = async () => {
    await phone.context.close();
    await open();
    return phone.page;
  };
  await open();
  return phone;
}

/** From nothing to the due list: passcode, enrolment by the code the app was opened with, what the lead sees; or to the
 * practice that is offered there. */
export async function enter(page, url, invitation, practise = false) {
  await page.goto(url + invitation);
  const fields = page.locator('input[type=password]');
  await fields.nth(0).fill(PASSCODE);
  await fields.nth(1).fill(PASSCODE);
  await page.locator('button[type=submit]').tap();
  await page.locator('h1', { hasText: /登记这部手机|Enrol this phone/ }).waitFor({ timeout: 60000 });
  await page.locator('button[type=submit]').tap();
  await page.locator('h1', { hasText: /社区看得到什么|What your lead can see/ }).waitFor({ timeout: 60000 });
  await page.locator(practise ? '.button-strong' : '.skip').tap();
  await page.locator('.door').first().waitFor({ timeout: 120000 });
}

/** Opens the file again. */
export async function unlock(page) {
  await page.locator('.front input[type=password]').fill(PASSCODE);
  await page.locator('button[type=submit]').tap();
  await page.locator('.head').waitFor({ timeout: 60000 });
}

/** How the screens look. */
export async function prefer(page, some) {
  await page.evaluate((wanted) => {
    const now = JSON.parse(localStorage.getItem('ruhu.prefs') ?? '{}');
    localStorage.setItem('ruhu.prefs', JSON.stringify({ ...now, ...wanted }));
  }, some);
}
