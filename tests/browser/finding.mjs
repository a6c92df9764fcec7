// From a re-visit that contradicts to a finding, an appeal and its reversal, played in Chromium: the lead and two more accounts
// at the desk, the worker whose record it is and the worker who asks again on two phones, over one real hub.
//
//   node tests/browser/finding.mjs         needs `ruhu`, `ruhu-sim`, mobile/web's node_modules and the built app
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { enter, startHub, startPhone, startServer } = await import(join(root, 'mobile/web/tests/screens/bench.mjs'));
const { chromium } = createRequire(join(root, 'mobile/web/package.json'))('playwright-core');

const hub = await startHub();
const server = await startServer(hub.port);
const address = `http://127.0.0.1:${hub.port}`;
const { logins } = JSON.parse(readFileSync(join(hub.data, 'demo.json'), 'utf8'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
process.on('exit', () => browser.close());
const story = (words) => console.log(`· ${words}`);

/** Somebody at the desk. */
async function desk(name) {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage();
  const { password } = logins.find((login) => login.name === name);
  await page.goto(`${address}/login?lang=zh`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => url.pathname === '/');
  return page;
}

const at = (page, hash) => page.evaluate((to) => (location.hash = to), hash);

/** Sends and fetches; what came stands on the screens. */
async function sync(page) {
  await at(page, '#/sync');
  // The line of what it brought is drawn anew by each run.
  const contact = page.waitForResponse((answer) => answer.url().endsWith('/v1/sync'));
  await page.locator('main .button-strong').first().tap();
  await contact;
  await page.locator('main .button-strong:not([disabled])', { hasText: /同步/ }).first().waitFor();
  await page.locator('main .tell').first().waitFor({ timeout: 60000 });
  await page.locator('.strip', { hasText: /都已收到/ }).waitFor({ timeout: 60000 });
}

async function messages(page) {
  await at(page, '#/today');
  await page.locator('.waiting-line a').tap();
  await page.locator('.message').first().waitFor();
}

// 1. A worker visits; the visit is drawn by lot with everything else of the quarter.
const own = await startPhone();
await enter(own.page, server.url, hub.invitation);
const door = await own.page.locator('.door[href*="household"]').first().getAttribute('href');
const home = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(door)[0];
await own.page.locator(`.door[href="${door}"]`).tap();
await own.page.locator('.bar a').first().tap();
await own.page.locator('.bar button').tap();
await own.page.locator('.notice', { hasText: '已存本机,中心未收' }).waitFor();
await sync(own.page);
const lead = await desk('shequ');
await lead.goto(`${address}/`);
const figures = async (page) => {
  await page.goto(`${address}/`);
  const text = await page.locator('main').innerText();
  return /已访\s*(\d+)/.exec(text)?.[1] ?? assert.fail(text);
};
const before = await figures(lead);
await lead.goto(`${address}/spot-checks`);
await lead.fill('#size', '200');
await lead.locator('form:has(#size) button').click();
const draw = lead.url();
const row = (page) => page.locator(`.acts tbody tr:has(a[href*="${home}"])`);
assert.equal(await row(lead).count(), 1, 'what was visited is drawn');
story('a visit, drawn by lot');

// 2. Another worker is sent; his phone says where, and nothing of what was recorded.
await row(lead).locator('summary', { hasText: '派到手机' }).click();
const give = row(lead).locator('form:has(button[value=give])');
const asker = (await give.locator('select option').nth(1).innerText()).trim();
await give.locator('select').selectOption({ index: 1 });
await give.locator('button').click();
assert.match(await row(lead).innerText(), new RegExp(`已派 ${asker}`));
const other = await startPhone();
await enter(other.page, server.url, hub.invite(asker));
await sync(other.page);
await messages(other.page);
await other.page.locator('.messages-revisits .message').first().tap();
await other.page.locator('#revisit').waitFor();
const sheet = await other.page.locator('main').innerText();
assert.match(sheet, /\d+室/);
assert.doesNotMatch(sheet, /无变化|见到|已访|2026-10-09 走访/, 'blind');
await other.page.locator('#revisit button, #revisit label').filter({ hasText: /^没人来过|没有人来过|没来过$/ }).first().tap();
await other.page.locator('.bar button').tap();
await other.page.locator('.notice', { hasText: '已存本机,中心未收' }).waitFor();
await sync(other.page);
await lead.goto(draw);
assert.match(await row(lead).innerText(), new RegExp(`${asker} 于 .* 复访:没人来过`));
const entry = row(lead).locator('form:has(input[name=round][value="1"]):has(select[name=answer])');
assert.equal(await entry.locator('select[name=answer]').inputValue(), 'denied', 'as it was brought');
await entry.locator('button').click();
story(`asked again by ${asker}, blind, and entered`);

// 3. The worker is asked, and answers on his phone; the colleague hears nothing of it.
await row(lead).locator('summary', { hasText: '请本人说明' }).click();
await row(lead).locator('button[value=ask]').click();
const finding = lead.url();
await sync(other.page);
await at(other.page, '#/messages');
await other.page.locator('main .quiet', { hasText: '没有' }).waitFor();
assert.equal(await other.page.locator('.messages-findings').count(), 0, 'nothing of it on the phone of a colleague');
await sync(own.page);
await messages(own.page);
await own.page.locator('.messages-findings .message').first().tap();
await own.page.locator('#account').waitFor();
assert.match(await own.page.locator('main').innerText(), /还没有任何结论|没有任何结论/);
await own.page.locator('#account button, #account label').filter({ hasText: /另一位家人/ }).first().tap();
await own.page.locator('#account button[type=submit]').tap();
await own.page.locator('#account .problem').first().waitFor();
await own.page.locator('#account textarea').fill('见的是老人的女儿');
await own.page.locator('#account button[type=submit]').tap();
await own.page.locator('#account').waitFor({ state: 'detached' });
await sync(own.page);
await lead.goto(finding);
assert.match(await lead.locator('main').innerText(), /见的是老人的女儿/);
assert.equal(await lead.locator('#f-ruling option[value=missed]').count(), 0, 'one contact is not enough, and the one who asked does not find');
story('asked for his account, and heard');

// 4. A second person asks, a second account finds: the visit counts no longer, and he learns why.
const second = await desk('fuzhuren');
await second.goto(draw);
const again = row(second).locator('form:has(input[name=round][value="2"]):has(select[name=answer])');
await row(second).locator('details:has(input[name=round][value="2"]):has(select[name=answer]) summary').click();
await again.locator('select[name=answer]').selectOption('denied');
await again.locator('select[name=how]').selectOption('phone');
await again.locator('button').click();
await second.goto(finding);
await second.selectOption('#f-ruling', 'missed');
await second.fill('#f-why', '两人先后询问,住户均说没有人来过。');
await second.locator('button[value=decide]').click();
const less = await figures(second);
assert.notEqual(less, before);
await sync(own.page);
await at(own.page, '#/messages');
await own.page.locator('.messages-findings .message').first().tap();
await own.page.locator('#appeal').waitFor();
assert.match(await own.page.locator('main').innerText(), /入户不到位[\s\S]*两人先后询问/);
await own.page.locator('#appeal textarea').fill('请再问问他女儿');
await own.page.locator('#appeal button[type=submit]').tap();
await own.page.locator('#appeal').waitFor({ state: 'detached' });
await sync(own.page);
story('found, told why, and appealed against');

// 5. Somebody with no part in it hears him; everything is as before.
const third = await desk('fuhe');
await third.goto(finding);
await third.selectOption('#f-heard', 'reversed');
await third.fill('#f-because', '女儿证实当天见过。');
await third.locator('button[value=hear]').click();
assert.equal(await figures(third), before, 'it counts again');
await sync(own.page);
await at(own.page, '#/messages');
await own.page.locator('.messages-findings .message').first().tap();
await own.page.locator('main', { hasText: '女儿证实当天见过' }).waitFor();
assert.deepEqual([...own.faults, ...other.faults], []);
story('reversed, and everything as before');
process.exit(0);
