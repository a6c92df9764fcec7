// Every screen, one after the other: what is looked at by `npm run shots` and tested by `npm run axe`.
import { PASSCODE, unlock } from './bench.mjs';
import { walkMessages } from './messages.mjs';

const at = (page, hash) => page.evaluate((to) => (location.hash = to), hash);
const first = (page, css) => page.locator(css).first();

/** Screens before the file is open; `see(name)` looks at each. */
export async function walkFront(page, url, invitation, see) {
  await page.goto(url + invitation);
  await page.locator('h1').waitFor();
  await see('01-create');
  const fields = page.locator('input[type=password]');
  await fields.nth(0).fill('short');
  await page.locator('button[type=submit]').tap();
  await see('02-create-problem');
  await fields.nth(0).fill(PASSCODE);
  await fields.nth(1).fill(PASSCODE);
  await page.locator('button[type=submit]').tap();
  await page.locator('h1', { hasText: /登记这部手机|Enrol this phone/ }).waitFor({ timeout: 60000 });
  await see('03-enrol');
  await page.locator('button[type=submit]').tap();
  await page.locator('h1', { hasText: /社区看得到什么|What your lead can see/ }).waitFor({ timeout: 60000 });
  await see('04-rights');
  await page.locator('.button-strong').tap();
  await walkPractice(page, see);
  await page.locator('.door').first().waitFor({ timeout: 120000 });
}

/** 练习, from its list to its end. */
async function walkPractice(page, see) {
  await page.locator('.lessons').waitFor();
  await see('05-practice');
  await first(page, '.door').tap();
  await page.locator('.lesson').waitFor();
  await see('06-practice-door');
  await page.locator('.bar a').first().tap();
  await page.locator('#visit .lesson').waitFor();
  await see('07-practice-visit');
  await page.locator('.bar button').tap();
  await page.locator('.notice').waitFor();
  await at(page, '#/today');
  await page.locator('.lesson-tried').waitFor();
  await see('08-practice-tried');
  await at(page, '#/plan');
  await first(page, '.building').waitFor();
  await see('09-practice-plan');
  await page.locator('.practice-band button').tap();
  await page.locator('.practice-band').waitFor({ state: 'detached' });
}

/** All screens of an open file. Saves one visit and takes it back. */
export async function walk(page, see) {
  await at(page, '#/today');
  await first(page, '.door').waitFor();
  await see('10-today');
  await page.locator('.search').fill('10');
  await page.waitForTimeout(400);
  await see('11-today-search');
  await page.locator('.search').fill('');
  await page.locator('.help-mark').tap();
  await page.locator('dialog').waitFor();
  await see('11-today-help');
  await page.locator('dialog .icon-button').tap();
  await page.locator('.pace-days').tap();
  await page.locator('dialog .own-days button').first().tap();
  await page.locator('dialog .own-days [aria-pressed=true]').waitFor();
  await see('11-today-days-off');
  await page.locator('dialog .own-days [aria-pressed=true]').tap();
  await page.locator('dialog .icon-button').tap();
  await first(page, '.door:has(.key-mark)').tap();
  await first(page, '.bar').waitFor();
  await see('12-household');
  await page.locator('.opening button').tap();
  await page.locator('.opening').waitFor({ state: 'detached' });
  await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
  await see('13-household-open');
  const unit = await page.evaluate(() => location.hash);
  await page.locator('.bar a').nth(1).tap();
  await page.locator('#visit').waitFor();
  await see('14-visit');
  await page.locator('#visit .card .button-wide').first().tap();
  await page.locator('dialog').waitFor();
  await see('15-visit-which-change');
  await page.locator('dialog .adds button').nth(0).tap();
  for (const nth of [7, 9]) {
    await page.locator('#visit section.card > .button-wide').first().tap();
    await page.locator('dialog .adds button').nth(nth).tap();
  }
  for (let left = await page.locator('#visit [role=group] .adds button').count(); 0 < left; left -= 1) {
    await page.locator('#visit [role=group] .adds button').first().tap();
  }
  await see('16-visit-everything');
  await page.locator('.bar button').tap();
  await page.locator('.trouble').waitFor();
  await see('17-visit-problems');
  await page.locator('#visit > p .button-wide').tap();
  await page.locator('dialog').waitFor();
  await see('18-visit-drop');
  await page.locator('dialog .button-strong').tap();
  await page.locator('.bar a').nth(3).waitFor();
  await page.locator('.bar a').nth(3).tap();
  await page.locator('#visit').waitFor();
  await see('19-visit-outcomes');
  await at(page, unit);
  await page.locator('.bar a').first().tap();
  await page.locator('#visit').waitFor();
  await page.locator('.bar button').tap();
  await page.locator('.notice .button').waitFor();
  await see('20-saved-next');
  await page.locator('.notice .button').tap();
  await page.locator('.notice .button').waitFor({ state: 'detached' });
  await walkRequest(page, unit, see);
  await at(page, '#/plan');
  await first(page, '.building').waitFor();
  await see('30-buildings');
  await first(page, '.building').tap();
  await first(page, '.plan-door').waitFor();
  await page.locator('.legend summary').tap();
  await see('31-plan');
  await first(page, '.plan-door').tap();
  await page.locator('dialog').waitFor();
  await see('32-plan-door');
  await page.locator('dialog .stack a').nth(0).tap();
  await page.locator('#found').waitFor();
  await see('40-new-household');
  await page.goBack();
  await first(page, '.plan-door').tap();
  await page.locator('dialog .stack a').nth(1).tap();
  await page.locator('.bar button').waitFor();
  await see('41-use');
  await at(page, unit);
  await page.locator('main > details summary').last().tap();
  await page.locator('main > details .stack .button').nth(2).tap();
  await page.locator('dialog').waitFor();
  await see('42-suggest-key');
  await page.locator('dialog .icon-button').tap();
  await at(page, '#/sync');
  await first(page, '.lines').waitFor();
  await see('50-sync');
  await walkMessages(page, see);
  await at(page, '#/mine');
  await first(page, 'dl').waitFor();
  await see('60-mine');
  await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
  await see('61-mine-open');
  await at(page, '#/help/today');
  await page.locator('#help-today[open]').waitFor();
  await see('62-help');
  await page.locator('.search').fill('补录');
  await page.locator('#help-late').waitFor();
  await see('63-help-search');
  await at(page, '#/mine');
  await page.locator('.practice-begin').tap();
  await walkPractice(page, see);
  await at(page, '#/sheet');
  await page.locator('.paper').waitFor();
  await see('70-sheet');
  await at(page, '#/mine');
  await page.locator('main .button-strong').first().tap();
  await page.locator('.front input[type=password]').waitFor();
  await see('80-locked');
  await page.locator('main > .button-wide').tap();
  await page.locator('dialog').waitFor();
  await see('81-forgot');
  await page.locator('dialog .icon-button').tap();
  await unlock(page);
  await at(page, '#/today');
  await first(page, '.door').waitFor();
}

/** 诉求, from the visit that raises it to the resident who was told. */
async function walkRequest(page, unit, see) {
  await at(page, unit);
  await page.locator('.bar a').nth(1).tap();
  await page.locator('#visit [role=group] .adds button').first().tap();
  await first(page, '#visit textarea').fill('楼道灯不亮,晚上看不清台阶');
  await page.locator('.bar button').tap();
  await page.locator('.notice .button').waitFor();
  await at(page, '#/today');
  await first(page, '.door').waitFor();
  await at(page, unit);
  const raised = first(page, '.requests .lines > li');
  await raised.waitFor();
  await see('21-request-masked');
  await page.locator('.opening button').tap();
  await raised.locator('button').waitFor();
  await see('22-request');
  await raised.locator('button').tap();
  await raised.locator('form .button-strong').tap();
  await raised.locator('.problem').waitFor();
  await see('23-request-problem');
  await raised.locator('input').fill('物业换了灯泡');
  await raised.locator('form .button-strong').tap();
  await raised.locator('.tell').waitFor();
  await see('24-request-to-tell');
  await raised.locator('button').tap();
  await raised.locator('button').waitFor({ state: 'detached' });
  await see('25-request-told');
}
