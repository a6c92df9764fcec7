// A street adopts: what holds is read, something is tried, seen, and recorded; what cannot be is told.
import { address, as, signIn, visitor, want } from './bench.mjs';

export async function rules(name, viewport, lang) {
  const { page, look, close } = await visitor(name, viewport, lang);
  const said = async () => (await page.locator('.said').innerText()).trim();
  await signIn(page, as('street'), lang);
  await page.goto(`${address}/policy`);
  await look('policy');
  want(/D1b-16/.test(await page.locator('main').innerText()), `${name}: the rules are not quoted`);
  // A whole text under a conflict: told, and nothing to press.
  await page.goto(`${address}/policy/adopt?what=take&id=d1a-shihu`);
  for (const part of await page.locator('input[name=take]').all()) await part.check();
  await page.fill('#a-by', '东街街道办事处');
  await page.fill('#a-day', '2027-01-01');
  await look('adopt');
  await page.locator('button.plain').click();
  await look('adopt-conflict');
  want((await page.locator('#a-reason').count()) === 0, `${name}: a conflict can be adopted`);
  // A part nobody else says anything about; the second visitor finds it adopted, and changes its day.
  await page.goto(`${address}/policy/adopt?what=take&id=d3-opinion`);
  await page.locator('input[name=take]').first().check();
  await page.fill('#a-by', '东街街道办事处');
  await page.fill('#a-day', name === 'street' ? '2027-01-01' : '2027-04-01');
  await page.locator('button.plain').click();
  await look('adopt-tried');
  await page.fill('#a-reason', '按街道决定');
  await page.locator('section form button').click();
  want(/已采用|Adopted/.test(await said()), `${name}: nothing was adopted`);
  await look('policy-adopted');
  for (const what of ['what=release&id=L-7', 'what=decide&id=X-06', 'what=confirm&id=low-income', 'what=file&id=']) {
    await page.goto(`${address}/policy/adopt?${what}`);
    await look(`adopt-${what.slice(5, 9)}`);
  }
  await close();
}
