// Rights of residents: a number left on the public page, a case worked to its answer, a record erased; and who only looks.
import { join } from 'node:path';
import { address, as, pictures, signIn, visitor, want } from './bench.mjs';

/** A row of a household, not of an empty flat. */
const home = 'tbody tr:not(:has(.tag)) th a';

export async function rights(name, viewport, lang) {
  const resident = await visitor(name, viewport, lang);
  await resident.page.goto(`${address}/resident?lang=${lang}`);
  await resident.look('resident');
  await resident.page.selectOption('#s-kind', 'see');
  await resident.page.fill('#s-contact', '打我电话');
  await resident.page.locator('main form button').click();
  want((await resident.page.locator('#s-contact-why').count()) === 1, `${name}: what is no number was taken`);
  want((await resident.page.inputValue('#s-kind')) === 'see', `${name}: what was chosen is gone`);
  await resident.look('resident-refused');
  await resident.page.fill('#s-contact', '10000000003');
  await resident.page.locator('main form button').click();
  const number = (await resident.page.locator('.big').innerText()).trim();
  want(/^\d{4}-\d{4}$/.test(number), `${name}: no number was given`);
  await resident.look('resident-noted');
  await resident.close();

  const { page, look, close } = await visitor(name, viewport, lang);
  const said = async () => (await page.locator('.said').innerText()).trim();
  await signIn(page, as('community'), lang);
  await page.goto(`${address}/waiting`);
  want((await page.locator('main a[href^="/rights"]').count()) === 1, `${name}: open requests are not named where one looks`);
  await page.goto(`${address}/rights`);
  await look('rights');
  await page.locator('tbody th a', { hasText: number }).click();
  await look('rights-received');
  want(!(await page.locator('main').innerText()).includes('10000000003'), `${name}: a number is shown unasked`);
  await page.locator('.reveal button').click();
  want((await page.locator('main').innerText()).includes('10000000003'), `${name}: a number is not shown for a reason`);
  const households = await page.context().newPage();
  await households.goto(`${address}/households?state=open`);
  const where = (await households.locator(home).first().innerText()).trim();
  await households.close();
  await page.fill('#c-unit', where);
  await page.locator('button[value=household]').click();
  await page.selectOption('#c-shown', 'call-back');
  await page.locator('button[value=identified]').click();
  await page.selectOption('#c-ruling', 'refused');
  await page.locator('button[value=decided]').click();
  want(/条文|article/.test(await said()), `${name}: a refusal without an article was taken`);
  want((await page.inputValue('#c-ruling')) === 'refused', `${name}: what was decided is gone`);
  await look('rights-decide');
  await page.selectOption('#c-ruling', 'granted');
  await page.locator('button[value=decided]').click();
  await look('rights-granted');
  await page.locator('a[href*="/sheet?"]').first().click();
  await look('rights-sheet');
  if (pictures !== null && lang === 'zh') await page.pdf({ path: join(pictures, 'rights-sheet.pdf'), format: 'A4' });
  await page.locator('.back a').click();
  await page.locator('button[value=done]').click();
  await look('rights-done');
  await page.selectOption('#c-told', 'phone');
  await page.locator('button[value=answered]').click();
  want((await page.locator('aside.forms').count()) === 0, `${name}: something is left to do after the answer`);
  await look('rights-answered');

  // From the household's page: visits stop.
  await page.goto(`${address}/households?state=open`);
  await page.locator(home).first().click();
  await page.locator('a[href*="/rights/new"]').click();
  await page.selectOption('#r-kind', 'stop');
  await look('rights-new');
  const granted = async () => {
    await page.locator('form:has(#r-kind) button').click();
    await page.selectOption('#c-shown', 'document');
    await page.locator('button[value=identified]').click();
    await page.selectOption('#c-ruling', 'granted');
    await page.locator('button[value=decided]').click();
  };
  await granted();
  await look('rights-stop');
  await page.locator('button[value=stop]').click();
  want(/请勿打扰|do-not-disturb/.test(await said()), `${name}: visits were not stopped`);

  // Erasing: the dry run, and the password once more.
  await page.goto(`${address}/households?state=open`);
  await page.locator(home).last().click();
  await page.locator('a[href*="/rights/new"]').click();
  await page.selectOption('#r-kind', 'delete');
  await granted();
  await page.locator('a[href*="erase=household"]').click();
  await look('rights-erase');
  await page.locator('button[value=erase]').click();
  want((await page.locator('#prove-password').count()) === 1, `${name}: a record is erased without the password`);
  await look('rights-prove');
  await page.fill('#prove-password', as('community').password);
  await page.locator('main form button[type=submit]').click();
  want(/已删除|Erased/.test(await said()), `${name}: the record was not erased`);
  await look('rights-erased');
  await page.goto(`${address}/rights?state=over`);
  want(0 < (await page.locator('tbody tr').count()), `${name}: what was answered is not listed`);
  await look('rights-over');
  await close();

  // Once: an authenticator's code is taken once, and the next auditor comes within the half minute.
  if (lang !== 'zh') return;
  const auditor = await visitor(name, viewport, lang);
  await signIn(auditor.page, as('auditor'), lang);
  await auditor.page.goto(`${address}/rights?state=over`);
  await auditor.page.locator('tbody th a').first().click();
  want((await auditor.page.locator('main form, .note').count()) === 0, `${name}: an auditor sees words, or a form`);
  await auditor.look('rights-auditor');
  await auditor.close();
}
