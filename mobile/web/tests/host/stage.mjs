// What every trial in a browser stands on: a hub with an invented community, one origin for each case, a Chromium.
//
// The hub is reached through a small server that hands out the files of the trial under the product's content policy
// and carries /v1/ through, so that the line can be taken away.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

export const web = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const root = join(web, '../..');

/** As `ruhu serve --app` says it (server/src/serve/field_app.rs). */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'";
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json' };
const CHROMIUM = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Where a program of the workspace lies: RUHU_BIN, or the newest build. */
export function program(name) {
  const folders = process.env.RUHU_BIN ? [process.env.RUHU_BIN] : ['release', 'debug'].map((one) => join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), one));
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (!found) throw new Error(`no ${name}: cargo build -p ruhu-server -p ruhu-sim, or set RUHU_BIN`);
  return found;
}

/** A folder that is gone at the end. */
export function scratch(name) {
  const folder = mkdtempSync(join(tmpdir(), `ruhu-${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function run(name, args) {
  const done = spawnSync(name, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status !== 0) throw new Error(`${name} ${args.join(' ')}: ${done.stderr || done.error}`);
  return done.stdout;
}

/** A day early in a quarter that is past: whatever day it is now, most doors of the community are due. */
const WORKED_TO = '2026-10-08';

/** A community of so many households, its quarter under way, and its hub running. `RUHU_DEMO` names one that is ready. */
export async function startHub({ households = 300, seed = 5 } = {}) {
  const data = process.env.RUHU_DEMO ?? join(scratch('hub'), 'data');
  if (!process.env.RUHU_DEMO) run(program('ruhu-sim'), ['demo', '--data', data, '--households', String(households), '--seed', String(seed), '--today', WORKED_TO, '--prepare-only']);
  const port = await freePort();
  const hub = spawn(program('ruhu'), ['serve', '--data', data, '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' });
  process.on('exit', () => hub.kill());
  for (let tries = 0; ; tries += 1) {
    const ready = await fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false);
    if (ready) break;
    if (200 < tries) throw new Error('the hub does not answer');
    await new Promise((done) => setTimeout(done, 50));
  }
  const lines = run(program('ruhu'), ['worker', 'list', '--data', data]).split('\n').filter(Boolean);
  const workers = lines.map((line) => ({ name: line.split(' ')[0], id: line.trim().split(' ').at(-1) }));
  return {
    port,
    data,
    workers,
    /** A one-time code, as scanned and as typed, for an app reached at an address. */
    invite(worker, url) {
      const text = run(program('ruhu'), ['enrol', worker, '--data', data, '--url', url]);
      const scanned = text.match(/https?:\/\/\S+#enrol=\S+/)?.[0];
      if (!scanned) throw new Error(`no code in: ${text}`);
      return { scanned, typed: new URL(scanned).hash.match(/enrol=([^&]+)/)[1] };
    },
    stop: () => hub.kill(),
  };
}

/** Bundles the page and Workers of the trials into a folder. */
export async function bundle() {
  const out = scratch('page');
  const common = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'error', outdir: join(out, 'host') };
  const here = join(web, 'tests/host');
  await build({ ...common, entryPoints: [join(here, 'page.ts'), join(here, 'cipher.ts'), join(web, 'src/port/worker.ts')], entryNames: '[name]' });
  return out;
}

/** A page with the port alone, and its functions: `call` gives or throws, `tried` tells which. */
export async function openPage(browser, origin, before = () => undefined) {
  const page = await browser.newPage();
  await before(page);
  page.on('console', (line) => line.type() === 'error' && process.env.SHOW && console.log(`    [page] ${line.text()}`));
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => 'call' in window);
  const tried = (verb, ...args) => page.evaluate(([verb, args]) => window.call(verb, args), [verb, args]);
  const call = async (verb, ...args) => {
    const answer = await tried(verb, ...args);
    if (!('gives' in answer)) throw new Error(`${verb}: ${JSON.stringify(answer)}`);
    return answer.gives;
  };
  return { page, tried, call };
}

/** Waits until it holds. */
export async function until(what, holds, within = 30_000) {
  for (const end = Date.now() + within; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`not within ${within} ms: ${what}`);
}

/** Hands out files and carries /v1/ to the hub; each name below localhost is an origin of its own. */
export async function startLine({ files, hubPort }) {
  const line = { on: true, requests: 0 };
  const server = createServer((asked, answer) => {
    const path = new URL(asked.url, 'http://x').pathname;
    if (path.startsWith('/v1/')) {
      line.requests += 1;
      if (!line.on) return void asked.socket.destroy();
      const onward = request({ port: hubPort, host: '127.0.0.1', path: asked.url, method: asked.method, headers: asked.headers }, (reply) => {
        answer.writeHead(reply.statusCode, reply.headers);
        reply.pipe(answer);
      });
      onward.on('error', () => asked.socket.destroy());
      return void asked.pipe(onward);
    }
    const bytes = file(files, path);
    if (!bytes) return void answer.writeHead(404).end();
    answer.writeHead(200, { 'content-type': TYPES[extname(path)] ?? TYPES['.html'], 'content-security-policy': POLICY, 'cache-control': 'no-cache' });
    answer.end(bytes);
  });
  const port = await freePort();
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return { line, port, origin: (name) => `http://${name}.localhost:${port}`, stop: () => server.close() };
}

function file(folders, path) {
  if (path === '/') return Buffer.from('<!doctype html><meta charset="utf-8"><title>ruhu</title><script type="module" src="/host/page.js"></script>');
  for (const [prefix, folder] of Object.entries(folders)) {
    if (!path.startsWith(prefix)) continue;
    const wanted = join(folder, normalize(path.slice(prefix.length)));
    if (wanted.startsWith(folder) && existsSync(wanted)) return readFileSync(wanted);
  }
  return null;
}

/** A Chromium with a profile of its own. */
export async function startBrowser(profile, more = {}) {
  return chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: CHROMIUM, ...more });
}

function freePort() {
  return new Promise((done, failed) => {
    const socket = createSocket();
    socket.on('error', failed);
    socket.listen(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => done(port));
    });
  });
}
