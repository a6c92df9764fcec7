// The Worker of the cipher's trial: a file of the browser's disk goes out, a file made natively comes in, one key.
import init, { Book, Disk } from '../../src/wasm/ruhu_web';

self.addEventListener('message', (event: MessageEvent<{ bytes: Uint8Array | null; key: Uint8Array }>) => {
  work(event.data).then(
    (answer) => self.postMessage({ answer }),
    (why: unknown) => self.postMessage({ why: String(why) }),
  );
});

async function work({ bytes, key }: { bytes: Uint8Array | null; key: Uint8Array }): Promise<unknown> {
  await init({ module_or_path: new URL('../wasm/ruhu_web_bg.wasm', import.meta.url) });
  const disk = await Disk.take();
  if (bytes) disk.copy_in('/trial.db', bytes);
  const book = new Book('/trial.db', key.slice(), crypto.getRandomValues(new Uint8Array(32)));
  const state = JSON.parse(book.ask('state', '{}')) as unknown;
  // The phone's own key is made once and kept: the same public key comes again from the same file.
  const { body } = book.enrol_request('TRIAL', 'https://hub.example') as { body: Uint8Array };
  const own = (JSON.parse(new TextDecoder().decode(body)) as { key: number[] }).key;
  book.free();
  let wrong = 'opened';
  try {
    new Book('/trial.db', key.map((byte) => byte ^ 1), crypto.getRandomValues(new Uint8Array(32))).free();
  } catch (why) {
    wrong = String(why);
  }
  return { state, own, wrong, bytes: disk.copy_out('/trial.db') };
}
