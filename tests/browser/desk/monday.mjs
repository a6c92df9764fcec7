// A community lead's Monday, the roster among it; and who only looks.
import { join } from 'node:path';
import { address, after, as, logins, pictures, signIn, visitor, want } from './bench.mjs';

export async function monday(name, viewport, lang) {
  const { page, look, close } = await visitor(name, viewport, lang);
  const open = (path) => page.goto(address + path);
  const said = async () => (await page.locator('.said').innerText()).trim();
  await page.goto(`${address}/login?lang=${lang}`);
  await look('login');
  await signIn(page, as('community'), lang);
  await look('overview');
  await page.locator('.figure').last().click();
  await look('outstanding');
  await page.locator('tbody th a').first().click();
  await look('household');
  await open('/waiting');
  await look('waiting');
  if (0 < (await page.locator('button[value=confirm]').count())) {
    await page.locator('button[value=confirm]').first().click();
    want(0 < (await page.locator('.said button').count()), `${name}: a confirmation offers no way back`);
    await page.locator('.said button').click();
  }

  await open('/requests');
  await look('requests');
  want(0 === (await page.locator('td:has-text("灯")').count()), `${name}: the list shows a resident's words unasked`);
  // The first visitor closes the one there is; the next finds it closed, and takes it up again.
  if (0 === (await page.locator('tbody tr').count())) await open('/requests?state=closed');
  await page.locator('.reveal button').click();
  await look('requests-shown');
  await page.locator('tbody th a').first().click();
  await look('request');
  const assign = async (due) => {
    if (!(await page.locator('#a-due').isVisible())) await page.locator('details:has(#a-due) summary').click();
    await page.evaluate(() => document.querySelector('#a-due').removeAttribute('min'));
    await page.fill('#a-due', due);
    await page.locator('button[value=assign]').click();
  };
  await assign('2020-01-01');
  want(/今天|today/.test(await said()), `${name}: a day that has passed was taken`);
  await look('request-refused');
  await assign('2026-10-20');
  want(/已交办|Assigned/.test(await said()), `${name}: a request was not assigned`);
  await page.fill('#h-words', '物业已修好');
  await page.locator('button[value=handle]').click();
  await look('request-handled');
  await page.locator('button[value=tell]').click();
  await page.locator('button[value=close]').click();
  want(/已办结|Closed/.test(await said()), `${name}: a request was not closed`);
  await look('request-closed');
  await open('/requests?state=closed');
  want(0 < (await page.locator('tbody tr').count()), `${name}: what was closed is not listed`);

  await open('/staff');
  const who = (await page.locator('#l-who option').first().textContent()).trim();
  await page.locator('summary', { hasText: /^(登记请假|Note leave)$/ }).click();
  const today = await page.inputValue('#l-from');
  await page.fill('#l-from', after(today, 14));
  await page.fill('#l-until', after(today, 8));
  await page.locator('form:has(#l-until) button').click();
  want(/早于|before/.test(await said()), `${name}: days the wrong way round were taken`);
  want((await page.inputValue('#l-until')) === after(today, 8), `${name}: what was typed is gone`);
  await look('staff-refused');
  await page.fill('#l-until', after(today, 15));
  await page.locator('form:has(#l-until) button').click();
  await look('staff');
  await page.locator(`tr:has(th:text-is("${who}")) form[action^="/staff/code"] button`).click();
  await look('code');
  want(0 < (await page.locator('.qr svg').count()), `${name}: no picture for the camera`);
  await page.locator('.back a').click();
  await page.locator(`tr:has(th:text-is("${who}")) button`, { hasText: /^(取消|销假|Take back|Back at work)$/ }).first().click();
  want(/已结束|ended/.test(await said()), `${name}: leave cannot be taken back`);

  await page.locator('summary', { hasText: /^(登记离岗|Note that a worker leaves)$/ }).click();
  want((await page.inputValue('#j-who')) === '', `${name}: somebody is chosen for leaving beforehand`);
  await page.selectOption('#j-who', { index: 1 });
  await page.fill('#j-from', after(today, 30));
  await page.locator('form:has(#j-who) button').click();
  await look('leaving');

  await page.locator('summary', { hasText: /^(交接网格|Hand over a grid)$/ }).click();
  await page.selectOption('#h-to', { index: (await page.locator('#h-to option').count()) - 1 });
  await page.locator('form:has(#h-to) button').click();
  await look('handover');

  await open('/spot-checks');
  await page.fill('#size', '20');
  await page.locator('form:has(#size) button').click();
  await look('spot-check');
  const first = page.locator('.acts tbody tr').first();
  await first.locator('summary').first().click();
  await first.locator('select[name=answer]').first().selectOption('agrees');
  await first.locator('form button').first().click();
  want(0 < (await page.locator('.said').count()), `${name}: the answer was not kept`);
  const rows = page.locator('.acts tbody tr');
  const enter = async (nth, answer) => {
    const form = rows.nth(nth).locator('form:has(select[name=answer])').first();
    if (!(await form.isVisible())) await rows.nth(nth).locator('summary').first().click();
    await form.locator('select[name=answer]').selectOption(answer);
    await form.locator('button').click();
  };
  for (const [nth, answer] of ['agrees', 'not-met', 'agrees', 'agrees', 'unsure'].entries()) await enter(nth + 1, answer);
  // The lot decides what is drawn: of a deduction, or a record that was in doubt before, nobody is asked.
  for (let nth = 6; nth < (await rows.count()) && (await page.locator('textarea[name=words]').count()) === 0; nth += 1) await enter(nth, 'denied');
  await look('spot-answered');
  const draw = new URL(page.url()).pathname;
  // What was drawn by lot was drawn for no reason: there is no card, and the page says so with a way back.
  await open(`${draw}/card/0`);
  want(/随机|by lot/.test(await page.locator('main').innerText()), `${name}: a card for what was drawn by lot`);
  await look('no-card');
  await page.locator('main a.button').click();
  want(new URL(page.url()).pathname === draw, `${name}: no way back to the draw`);
  await finding(page, look, name, lang);
  await open(draw);
  await page.locator('a.button', { hasText: /复访表|Sheet/ }).click();
  await look('spot-sheet');
  if (pictures !== null && name === 'desk') await page.pdf({ path: join(pictures, 'spot-sheet.pdf'), format: 'A4' });
  await open('/spot-checks');
  await page.locator('input[value=signals]').check();
  await page.locator('form:has(#size) button').click();
  // A demo is honest: either nothing is put up, and the page says so, or something is, and its card opens.
  if (/spot-checks\/.+/.test(page.url())) {
    await page.locator('.acts tbody tr').first().locator('td a').click();
    want(0 < (await page.locator('section.evidence').count()), `${name}: the card of what signals put up is empty`);
  } else want(/随机|by lot|没有见到人|met nobody/.test(await said()), `${name}: it is not said why nothing was drawn`);
  await look('signals');
  await open('/spot-checks');
  await look('spot-checks');

  await roster(page, look, name, open, said);

  await open('/periods');
  await look('periods');
  if (0 < (await page.locator('a.button').count())) {
    await page.locator('a.button').first().click();
    await look('closing');
  }
  await open('/help');
  await look('help');
  await close();
}

/** A sheet without a shell: uploaded, a column given its meaning, a grid chosen, entered, and taken back. */
async function roster(page, look, name, open, said) {
  await open('/roster');
  await look('roster');
  const file = (text) => ({ name: '物业名册.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  const upload = async (text) => {
    await open('/roster');
    await page.setInputFiles('#file', file(text));
    await page.locator('form:has(#file) button').click();
  };
  await upload('%PDF-1.7');
  want(/PDF/.test(await said()), `${name}: a PDF was taken for a roster`);
  await look('roster-refused');
  // Columns nobody could guess, so that each visitor is asked anew; two doors without a grid.
  const own = `${name}${Date.now() % 1000}`;
  const rows = ['101,王建国,10000000001', '102,赵大勇,12'].map((row) => `阳光小区8幢1单元${row.replace(',', '室,')}`);
  await upload([`位置${own},甲${own},电话`, ...rows].join('\n'));
  await look('dry-run-no-headings');
  want((await page.locator('input[name=seen]').count()) === 0, `${name}: what nobody understood can be entered`);
  const selects = page.locator('.columns-by-hand select');
  await selects.nth(0).selectOption('地址');
  await selects.nth(1).selectOption('户主姓名');
  await page.locator('form:has(.columns-by-hand) button').click();
  want((await page.locator('#new-grid').count()) === 1, `${name}: doors without a grid are not asked about`);
  await look('dry-run-no-grid');
  await page.fill('#new-grid', `新村${own}`);
  await page.locator('form:has(#new-grid) button').click();
  await look('dry-run');
  want(!(await page.locator('main').innerText()).includes('王建国'), `${name}: a name is shown unmasked`);
  await page.locator('a[href*="kind=phone_unread"]').click();
  await look('dry-run-findings');
  await page.locator('.back a').click();
  await page.locator('form:has(input[name=seen]) button').click();
  want(/已写入|Entered/.test(await said()), `${name}: a roster was not entered`);
  await look('imported');
  await page.locator('a[href*="undo=look"]').click();
  await look('import-undo');
  await page.locator('form:has(input[value=undo]) button').click();
  want(/已撤销|Undone/.test(await said()), `${name}: an import was not taken back`);
  await open('/roster');
  await look('roster-imports');
}

/** The record the last answer contradicts: its worker is asked, a second person asks, a second account finds, a third one hears. */
async function finding(page, look, name, lang) {
  const said = async () => (await page.locator('.said').innerText()).trim();
  const row = page.locator('.acts tbody tr').filter({ has: page.locator('textarea[name=words]') }).first();
  const draw = page.url();
  if ((await row.count()) === 0) return want(false, `${name}: nothing that was contradicted can be asked about`);
  const nth = await row.locator('input[name=nth]').first().inputValue();
  await row.locator('summary', { hasText: /请本人说明|Ask the worker/ }).click();
  await look('asking');
  await row.locator('button[value=ask]').click();
  want(/等他说明|to answer/.test(await said()), `${name}: the worker was not asked`);
  await look('finding-asked');
  const path = new URL(page.url()).pathname;
  want((await page.locator('#f-ruling option[value=falsified]').count()) === 0, `${name}: something adverse is offered before he was heard`);
  await page.locator('summary', { hasText: /代录说明|Note his account/ }).click();
  await page.selectOption('#f-account', 'other');
  await page.fill('#f-said', '当天下雨,在楼下见的');
  await page.locator('button[value=account]').click();
  await look('finding-accounted');
  // Another person asks again, another account enters it and finds.
  const second = await visitor(name, page.viewportSize(), lang);
  await signIn(second.page, logins.find((login) => login.name === 'fuzhuren'), lang);
  await second.page.goto(draw);
  const again = second.page.locator(`.acts tbody tr:has(input[name=nth][value="${nth}"]) form:has(input[name=round][value="2"]):has(select[name=answer])`);
  await again.locator('xpath=ancestor::details').locator('summary').click();
  await again.locator('select[name=answer]').selectOption('denied');
  await again.locator('select[name=checker]').selectOption({ index: 1 });
  await again.locator('button').click();
  await second.page.goto(address + path);
  await second.page.selectOption('#f-ruling', 'missed');
  await second.page.fill('#f-why', '两人先后询问,住户均说没有人来过。');
  await second.page.locator('button[value=decide]').click();
  await second.look('finding-decided');
  await second.page.locator('summary', { hasText: /代录书面申诉|Note an appeal/ }).click();
  await second.page.fill('#f-appeal', '请再问问楼长');
  await second.page.locator('button[value=appeal]').click();
  want((await second.page.locator('#f-heard').count()) === 0, `${name}: who found may hear the appeal`);
  await second.close();
  const third = await visitor(name, page.viewportSize(), lang);
  await signIn(third.page, logins.find((login) => login.name === 'fuhe'), lang);
  await third.page.goto(address + path);
  await third.look('finding-appealed');
  await third.page.selectOption('#f-heard', 'reversed');
  await third.page.fill('#f-because', '楼长证实当天在楼下见面。');
  await third.page.locator('button[value=hear]').click();
  await third.look('finding-heard');
  await third.page.goto(`${address}/findings`);
  want(0 < (await third.page.locator('tbody tr').count()), `${name}: the finding is not listed`);
  await third.look('findings');
  await third.page.locator('main a[href^="/ledger"]').click();
  await third.look('ledger');
  await third.page.goto(`${address}/staff`);
  await third.page.locator('main a[href^="/completion/"]').first().click();
  await third.look('completion');
  await third.page.goto(`${address}/findings`);
  await third.close();
}

/** Who only looks finds no form; who runs the machine finds no household. */
export async function others() {
  const { page, look, close } = await visitor('auditor', { width: 1440, height: 900 }, 'zh');
  await signIn(page, as('auditor'), 'zh');
  for (const path of ['/waiting', '/requests', '/rights', '/questions', '/staff', '/spot-checks', '/findings', '/ledger', '/access', '/audit', '/roster', '/periods', '/accounts']) {
    await page.goto(address + path);
    want((await page.locator('main form[method=post]').count()) === 0, `auditor: a form at ${path}`);
    await look(path.slice(1));
  }
  // Who saw this household, and why; and does the log of it hold?
  await page.goto(`${address}/access`);
  await page.locator('tbody a[href^="/household/"]').first().click();
  await page.locator('a', { hasText: '谁看过' }).click();
  want(0 < (await page.locator('tbody tr').count()), 'auditor: a household was looked at, and nobody is said to have seen it');
  await look('seen-by');
  await page.locator('a.button', { hasText: '核验记录链' }).click();
  want(/记录链前后相扣,到第 \d+ 条/.test(await page.locator('main').innerText()), 'auditor: the chain of looks does not hold');
  await look('chain-checked');
  await close();
}
