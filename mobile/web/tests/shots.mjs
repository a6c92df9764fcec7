// npm run shots -- FOLDER: a picture of every screen in both languages at 360×740, and of some in large text, landscape, dark.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { prefer, startHub, startPhone, startServer, unlock } from './screens/bench.mjs';
import { walk, walkFront } from './screens/walk.mjs';

const into = process.argv[2] ?? 'shots';
mkdirSync(into, { recursive: true });
const hub = await startHub();
const server = await startServer(hub.port);
const phone = await startPhone();
const { page } = phone;
let taken = 0;
const look = (name, whole = true) =>
  page
    .waitForTimeout(250)
    .then(() => page.screenshot({ path: join(into, `${name}.png`), fullPage: whole }))
    .then(() => (taken += 1));
const whole = (name) => !/which|drop|days-off|door|suggest|forgot|today|buildings/.test(name);
const again = async (some) => {
  await prefer(page, some);
  await page.reload();
  await unlock(page);
};

await walkFront(page, server.url, hub.invitation, (name) => look(`zh-${name}`));
await walk(page, (name) => look(`zh-${name}`, whole(name)));
await again({ lang: 'en' });
await walk(page, (name) => look(`en-${name}`, whole(name)));
for (const [name, some] of [
  ['elder', { lang: 'zh', elder: true }],
  ['200', { lang: 'en', elder: false, size: 200 }],
]) {
  await again(some);
  await walk(page, (shot) => (/10-|12-|14-|19-|31-|32-|60-|91-|92-|93-|98-|100-|101-|102-line-reward/.test(shot) ? look(`${name}-${shot}`, false) : undefined));
}
await again({ lang: 'zh', size: 100 });
await page.emulateMedia({ colorScheme: 'dark' });
await walk(page, (shot) => (/10-|13-|17-|31-|50-|92-|98-|100-/.test(shot) ? look(`dark-${shot}`, false) : undefined));
await page.emulateMedia({ colorScheme: 'light' });
await page.setViewportSize({ width: 740, height: 360 });
await walk(page, (shot) => (/10-|12-|14-|31-/.test(shot) ? look(`landscape-${shot}`, false) : undefined));
await page.setViewportSize({ width: 794, height: 1123 });
await page.evaluate(() => (location.hash = '#/sheet'));
await page.locator('.paper').waitFor();
await page.pdf({ path: join(into, 'sheet.pdf'), format: 'A4' }).catch(() => undefined);
await page.emulateMedia({ media: 'print' });
await look('print-sheet', false);
await phone.close();
if (0 < phone.faults.length) throw new Error(phone.faults.join('\n'));
console.log(`${taken} pictures in ${into}`);
process.exit(0);
