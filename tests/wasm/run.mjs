// Runs the probe (src/main.rs) without a page around it: node tests/wasm/run.mjs <probe.wasm>
//
// A module built with wasm-bindgen's crates names functions of a page. Only randomness is answered here, with the
// same byte again and again: automerge draws an actor for every new document, which core replaces by the one it was
// handed, and SQLite seeds its hash tables. The steps compare with fixed hashes, so nothing of that byte reaches what
// is stored. Any other call, the clock among them, is refused by name: time is handed in.

import { readFile } from "node:fs/promises";

const steps = [
  "a draft becomes the same record",
  "a sealed entry is the same",
  "two editors of one household merge",
  "the store keeps what was committed",
  "packing gives back what was packed",
];

const module = await WebAssembly.compile(await readFile(process.argv[2]));
const arrays = new Map(); // handle → array of the page; the module only ever holds the handle
const firstHandle = 1 << 20; // smaller ones are constants of wasm-bindgen, which it never drops
let lastHandle = firstHandle;
const memory = (address, length) => new Uint8Array(exports.memory.buffer, address, length);

const answers = {
  getRandomValues: (...slice) => (slice.length === 2 ? memory(...slice) : arrays.get(slice[0])).fill(0x5a),
  new_with_length: (length) => (arrays.set(++lastHandle, new Uint8Array(length)), lastHandle),
  length: (handle) => arrays.get(handle).length,
  prototypesetcall: (address, length, handle) => memory(address, length).set(arrays.get(handle)),
  object_drop_ref: (handle) => void arrays.delete(handle),
  externref_statics_end: () => firstHandle,
};

const page = {};
for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
  if (kind !== "function") throw new Error(`the probe imports a ${kind}, ${from}.${name}: only functions were expected`);
  const refuse = () => {
    throw new Error(`a step asked the page for ${from}.${name}`);
  };
  const bare = name.replace(/^__wb(g|indgen)_/, "").replace(/_[0-9a-f]{16}$/, "");
  page[from] ??= {};
  page[from][name] = answers[bare] ?? refuse;
}

const { exports } = await WebAssembly.instantiate(module, page);
const failed = exports.main(0, 0);
steps.forEach((step, index) => {
  const state = failed === 0 || index + 1 < failed ? "ok" : index + 1 === failed ? "FAILED" : "not run";
  console.log(`wasm32: ${step} ... ${state}`);
});
process.exitCode = failed === 0 ? 0 : 1;
