// 磁盘 – whether this browser has files a Worker can write in place, and taking hold of them.
import { Disk } from '../../wasm/ruhu_web';

/** Longest wait for a Worker that ended a moment ago to let go of the files, in milliseconds. */
const PATIENCE = 8_000;

/** Why there is no disk, in Chinese then English; null where there is one. */
export async function missing(): Promise<string | null> {
  const old = '此浏览器不能保存加密文件,请更新浏览器或改用纸质走访单 / this browser cannot keep an encrypted file: update it, or use the day sheet on paper';
  if (!('indexedDB' in self) || !crypto.subtle || !('getDirectory' in (navigator.storage ?? {}))) return old;
  if (!('createSyncAccessHandle' in (self.FileSystemFileHandle?.prototype ?? {}))) return old;
  try {
    // A private window may offer the functions and refuse every file.
    const folder = await navigator.storage.getDirectory();
    const name = `probe-${Date.now()}`;
    const handle = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
    handle.close();
    await folder.removeEntry(name);
    return null;
  } catch {
    return '浏览器拒绝保存文件:可能是无痕窗口,或存储已被禁用 / the browser refuses to keep files: a private window perhaps, or storage is switched off';
  }
}

/** Takes hold of the files; a Worker that was ended lets go of them a little later. */
export async function take(): Promise<Disk> {
  const until = Date.now() + PATIENCE;
  for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
    try {
      return await Disk.take();
    } catch (why) {
      if (until < Date.now()) throw why;
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}
