// npm run axe: axe-core over every screen, in both languages, in normal and in elder mode; any violation fails.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prefer, startHub, startPhone, startServer, unlock } from './screens/bench.mjs';
import { walk, walkFront } from './screens/walk.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const hub = await startHub();
const server = await startServer(hub.port);
const phone = await startPhone();
const { page } = phone;
const wrong = [];
let screens = 0;
/** No target below what a thumb needs; a link inside a sentence is its own size. */
const small = (least) =>
  [...document.querySelectorAll('a[href], button, select, summary, input:not([type=checkbox]):not([type=radio]), label:has(input)')]
    .filter((one) => one.checkVisibility() && one.closest('p.quiet') === null)
    .map((one) => ({ of: one.outerHTML.slice(0, 90), box: one.getBoundingClientRect() }))
    .filter(({ box }) => 0 < box.width && (box.height + 0.5 < least || box.width + 0.5 < least))
    .map(({ of, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${of}`);
const wide = () => (document.documentElement.scrollWidth <= innerWidth ? [] : [`the page is ${document.documentElement.scrollWidth} wide`]);
const test = (mode, least) => async (name) => {
  screens += 1;
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  for (const one of found.violations) wrong.push(`${mode} ${name}: ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
  for (const one of await page.evaluate(small, least)) wrong.push(`${mode} ${name}: smaller than ${least}: ${one}`);
  for (const one of await page.evaluate(wide)) wrong.push(`${mode} ${name}: ${one}`);
};

await walkFront(page, server.url, hub.invitation, test('zh', 44));
for (const lang of ['zh', 'en']) {
  for (const elder of [false, true]) {
    await prefer(page, { lang, elder });
    await page.reload();
    await unlock(page);
    await walk(page, test(`${lang}${elder ? ' elder' : ''}`, elder ? 60 : 44));
  }
}
await phone.close();
const all = [...new Set([...wrong, ...phone.faults])];
for (const one of all) console.error(one);
console.log(`${screens - all.length < 0 ? 0 : screens} screens looked at, ${all.length} violations`);
process.exit(0 < all.length ? 1 : 0);
