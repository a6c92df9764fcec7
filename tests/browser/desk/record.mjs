// A household's record: looked at masked, opened for a reason, corrected, taken back; and what is decided about it.
import { address, as, signIn, visitor, want } from './bench.mjs';

export async function record(name, viewport, lang) {
  const { page, look, close } = await visitor(name, viewport, lang);
  const said = async () => (await page.locator('.said').innerText()).trim();
  await signIn(page, as('community'), lang);
  await page.goto(`${address}/households`);
  // The second visitor takes another household: the first one's was decided about.
  await page.locator('tbody th a[href^="/household/h-"]').nth(name === 'record' ? 0 : 3).click();
  const household = page.url();
  await page.locator('a', { hasText: /^(户情全文与更正|Full record and corrections)$/ }).click();
  await look('record');
  want((await page.locator('[name^="now/"]').count()) === 0, `${name}: a masked record can be typed over`);
  await page.selectOption('select[name=reason]', 'record');
  await page.locator('.reveal button').click();
  await look('record-open');
  const phone = page.locator('[name="now/p/phone2"]');
  const before = await phone.inputValue();
  await phone.fill('一三八');
  await page.selectOption('select[name=source]', 'resident');
  await page.locator('button[value=save]').first().click();
  want(/需要改正|need mending/.test(await said()), `${name}: a telephone in words was taken`);
  want((await phone.inputValue()) === '一三八', `${name}: what was typed is gone`);
  await look('record-refused');
  await phone.fill('13700000000');
  await page.locator('button[value=save]').first().click();
  want(/更正已保存|Corrections saved/.test(await said()), `${name}: a correction was not saved`);
  want(/居民本人要求|the resident asked for it/.test(await page.locator('main').innerText()), `${name}: on whose word is not said`);
  await look('record-saved');
  await page.locator('.said button').click();
  want(/已撤销|taken back|undone/i.test(await said()), `${name}: a correction was not taken back`);
  await page.selectOption('select[name=reason]', 'record');
  await page.locator('.reveal button').click();
  want((await phone.inputValue()) === before, `${name}: what was taken back still stands`);
  await page.locator('button[value=new]').click();
  await look('record-new-member');

  await page.goto(household);
  await page.locator('summary', { hasText: /^(请勿打扰|Do not disturb)$/ }).click();
  await look('household-decide');
  const until = await page.locator('#d-until').getAttribute('max');
  await page.fill('#d-until', until);
  await page.locator('form:has(#d-until) input[name=reason]').fill('居民到社区提出');
  await page.locator('button[value=quiet]').click();
  want(/请勿打扰|do not disturb/.test(await said()), `${name}: the wish was not noted`);
  await page.locator('.said button').click();
  want(/已撤销|taken back|undone/i.test(await said()), `${name}: the wish was not taken back`);
  await close();
}
