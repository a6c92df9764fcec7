// The accounts, the second factor, how the machine is, and a hub nobody has set up.
import { join } from 'node:path';
import { address, as, code, pictures, signIn, startEmptyHub, visitor, want } from './bench.mjs';

/** The security administrator makes an account, changes it and disables it; each act has its reason. */
export async function accounts(name, viewport, lang) {
  const { page, look, close } = await visitor(name, viewport, lang);
  const login = as('security-admin');
  const said = async () => (await page.locator('.said').innerText()).trim();
  await signIn(page, login, lang, look);
  await look('accounts');
  const made = `wang-${name}`;
  await page.locator('summary').first().click();
  await page.fill('#a-name', made);
  await page.fill('#a-shown', '王主任');
  await page.selectOption('#a-role', 'community');
  await page.selectOption('#a-place', 'hub');
  await page.fill('#a-reason', '换届');
  await page.locator('form:has(#a-name) button').click();
  want((await page.inputValue('#a-name')) === made, `${name}: what was typed is gone`);
  await look('accounts-refused');
  await page.selectOption('#a-place', { index: 4 });
  await page.locator('form:has(#a-name) button').click();
  want(/^[0-9A-Z-]{17}$/.test((await page.locator('.letters').innerText()).trim()), `${name}: no one-time password`);
  await look('one-time');
  await page.locator('.back a').click();
  await look('accounts-one');
  await page.locator('details:has(#r-disable) summary').click();
  await page.fill('#r-disable', '离职');
  await page.locator('form:has(#r-disable) button').click();
  want(/停用|Disabled/.test(await said()), `${name}: the account was not disabled`);
  await look('accounts-disabled');
  await page.goto(`${address}/account`);
  await look('account');
  await page.locator('form:has(input[value=codes]) button').click();
  await look('prove');
  await page.fill('#prove-password', login.password);
  // The next code is not due yet where two visitors sign in within a minute: one that was printed is.
  await page.locator('summary').click();
  await page.fill('#prove-recovery', login.recovery[name === 'security' ? 2 : 3]);
  await page.locator('main form > button').click();
  want(10 === (await page.locator('.codes li').count()), `${name}: no new recovery codes`);
  await look('recovery');
  login.recovery = (await page.locator('.codes li').allInnerTexts()).map((one) => one.trim());
  if (pictures !== null) await page.pdf({ path: join(pictures, `${name}-recovery.pdf`), format: 'A4' });
  await close();
}

/** How the machine is, for whoever runs it; and a hub nobody has set up. */
export async function machine() {
  const { page, look, close } = await visitor('system', { width: 1440, height: 900 }, 'zh');
  await signIn(page, as('system-admin'), 'zh');
  await look('machine');
  want((await page.locator('header nav a').count()) === 3, 'system: an entry leads where it may not go');
  await page.goto(`${address}/places`);
  await look('places');
  for (const [id, value] of Object.entries({ county: '示范区', street: '幸福街道', name: '新桥社区' })) await page.fill(`#p-${id}`, value);
  await page.locator('main form button').click();
  want(/已设置/.test(await page.locator('.said').innerText()), 'system: a community was not set up');
  await page.locator('td a').first().click();
  await look('places-change');
  await close();
  const empty = await startEmptyHub();
  const first = await visitor('first', { width: 390, height: 844 }, 'zh');
  await first.page.goto(`${empty.address}/?lang=zh`);
  await first.look('set-up');
  const fields = { token: empty.token, name: 'anquan', shown: '李芳', new: 'Sunny-2026-door', again: 'Sunny-2026-door' };
  for (const [id, value] of Object.entries(fields)) await first.page.fill(`#${id}`, value);
  await first.page.locator('main form button').click();
  await first.look('totp-needed');
  await first.page.locator('main form').first().locator('button').click();
  await first.look('totp');
  want(0 < (await first.page.locator('.qr svg').count()), 'first: no picture for the camera');
  await first.page.fill('#code', code((await first.page.locator('.letters').innerText()).trim(), Date.now()));
  await first.page.locator('main form').first().locator('button').click();
  want(10 === (await first.page.locator('.codes li').count()), 'first: no recovery codes');
  await first.look('recovery');
  await first.page.locator('a.button').click();
  want(new URL(first.page.url()).pathname === '/accounts', 'first: the accounts are not the first page');
  await first.look('accounts');
  await first.close();
}
