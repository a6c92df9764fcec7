// What the forms of a day are filled in with; told by the codes of the core, not by places on the screen.
import { day } from './bench.mjs';

export const OUTCOMES = [
  'met', 'met-at-door', 'not-home', 'declined', 'phone', 'came-to-office', 'vacant', 'let-unverified', 'moved-away',
  'registered-only', 'no-such-address', 'rescheduled', 'unsafe', 'told',
];

/** Chooses an outcome and fills in what it asks for. */
export async function fillOutcome(page, code) {
  await page.locator(`#visit label:has(input[value="${code}"])`).tap();
  const part = page.locator('#visit .part').first();
  if (code === 'not-home') await part.locator('.tick label').first().tap();
  if (code === 'declined') await part.locator('input[type=date]').fill(day(60));
  if (code === 'vacant' || code === 'moved-away' || code === 'told') await part.locator('select').selectOption('property_manager');
  if (code === 'moved-away') await part.locator('input[type=date]').fill(day(-2));
  if (code === 'rescheduled') await page.locator('fieldset', { hasText: '改约' }).locator('input[type=date]').fill(day(2));
}

export const CHANGES = ['迁入', '迁出', '出生', '死亡', '电话变更', '户主变更', '租住变更', '纳入类别', '资料更正'];

/** One step of what changed. */
export async function fillChange(page, kind, number = '10012345678') {
  await page.locator('#visit section.card > .button-wide').first().tap();
  await page.locator('dialog .adds button', { hasText: kind }).tap();
  const step = page.locator('#visit .item').first();
  const texts = step.locator('input[type=text]');
  const last = (nth) => step.locator('select').nth(nth).locator('option').evaluateAll((all) => all.at(-1).value);
  switch (kind) {
    case '迁入':
    case '出生':
      await texts.nth(0).fill(kind === '迁入' ? '赵迁入' : '赵新生');
      await texts.nth(2).fill(kind === '迁入' ? '1990-05' : day(-3));
      break;
    case '迁出':
    case '死亡':
    case '户主变更':
    case '租住变更':
      await step.locator('select').first().selectOption(await last(0));
      break;
    case '电话变更':
      await step.locator('input[type=tel]').first().fill(number);
      break;
    case '纳入类别':
      await step.locator('select').nth(0).selectOption(await last(0));
      await step.locator('select').nth(1).selectOption(await last(1));
      break;
    case '资料更正':
      await step.locator('select').first().selectOption('p/best_time');
      await step.locator('select').first().selectOption('evening');
      break;
  }
}
