// npm run wasm: the core for the browser, and the script through which the Worker speaks to it, into src/wasm/.
//
//   node host/build.mjs            builds, writes, and prints the sizes
//   node host/build.mjs --sizes    prints the sizes of what is there: the last line is JSON, in bytes
//
// A clone needs what .ci/prepare.sh installs (clang, a Rust that knows wasm32); the rest is npm ci.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(web, '../..');
const out = join(web, 'src/wasm');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const wasm = join(out, 'ruhu_web_bg.wasm');

if (!process.argv.includes('--sizes')) build();
sizes();

function build() {
  run(join(root, '.ci/wasm'), ['build', '--locked', '--profile', 'web', '-p', 'ruhu-web']);
  const built = join(target, 'wasm/wasm32-unknown-unknown/web/ruhu_web.wasm');
  run('cargo', ['run', '--quiet', '--locked', '-p', 'ruhu-web-bindgen', '--', built, out], { cwd: root });
  // No wasm-opt: its -Oz makes the file a tenth smaller and, packed by brotli, a tenth larger.
  rmSync(join(out, 'ruhu_web_bg.wasm.d.ts'), { force: true });
}

function sizes() {
  const figures = { wasm: measured([wasm]), script: measured([join(out, 'ruhu_web.js')]) };
  const dist = join(web, 'dist');
  // Everything of the first download, the wasm among it.
  if (existsSync(dist)) figures.dist = measured(below(dist).filter((file) => !/\.(br|gz)$/.test(file)));
  for (const [name, of] of Object.entries(figures)) {
    const shown = Object.entries(of).map(([how, bytes]) => `${how} ${(bytes / 1024).toFixed(1)} KiB`);
    console.log(`${name}: ${shown.join(', ')}`);
  }
  console.log(JSON.stringify(figures));
}

function measured(files) {
  const total = { raw: 0, gzip: 0, brotli: 0 };
  for (const file of files) {
    const bytes = readFileSync(file);
    total.raw += bytes.length;
    total.gzip += gzipSync(bytes, { level: 9 }).length;
    total.brotli += brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  }
  return total;
}

function below(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
}

function run(program, args, options = {}) {
  const done = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (done.error) throw done.error;
  if (done.status !== 0) process.exit(done.status ?? 1);
}
