import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Every file below a folder, sorted. */
function below(folder: string): string[] {
  const found = readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    const path = join(folder, one.name);
    return one.isDirectory() ? below(path) : [path];
  });
  return found.sort();
}

/** Packed copies beside each file: the hub sends them to those who take them, and packs nothing itself. */
function pack(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

/** Writes the list of files into the service worker once they all lie in the folder, those of public/ included. */
function precache(): Plugin {
  let out = 'dist';
  return {
    name: 'precache',
    apply: 'build',
    configResolved(config) {
      out = join(config.root, config.build.outDir);
    },
    closeBundle() {
      const worker = join(out, 'sw.js');
      const files = below(out).filter((path) => path !== worker);
      const mark = createHash('sha256');
      for (const path of files) mark.update(path.slice(out.length)).update(readFileSync(path));
      const list = files.map((path) => `./${relative(out, path).replaceAll('\\', '/')}`).map((path) => (path === './index.html' ? './' : path));
      const code = readFileSync(worker, 'utf8');
      const filled = code.replaceAll('__FILES__', JSON.stringify(list)).replaceAll('__MARK__', JSON.stringify(mark.digest('hex').slice(0, 16)));
      if (filled === code) throw new Error('sw.js has no place for the list of files');
      writeFileSync(worker, filled);
      for (const path of [...files, worker]) pack(path);
    },
  };
}

/** A real hub to sync with while developing: `RUHU_HUB=http://127.0.0.1:8080 npm run dev`. */
const hub = process.env['RUHU_HUB'] ?? 'http://127.0.0.1:8080';

export default defineConfig(({ command }) => ({
  // The hub serves the app at /app/; packaged files of a phone stand anywhere.
  base: command === 'build' ? './' : '/app/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  worker: { format: 'es' },
  server: { proxy: { '/v1': hub } },
  plugins: [precache()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { main: 'index.html', sw: 'src/sw.ts' },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
}));
