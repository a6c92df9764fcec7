// 消息 – doors to ask at again and questions in every state. The demo hub asks nothing of its worker: what the core would tell
// stands here, and is laid over its answers in the page. Wrong forms go to the core itself.
import { day } from './bench.mjs';

const at = (page, hash) => page.evaluate((to) => (location.hash = to), hash);
const DRAW = '0193a000-0000-7000-8000-0000000000d1';
const FINDING = (nth) => `0193a000-0000-7000-8000-0000000000f${nth}`;

const revisit = (nth, some) => ({ key: `${DRAW}/${nth}/1`, place: `阳光小区 ${nth + 1}栋 2单元 302室`, due: day(5), overdue: false, answer: null, ...some });
const ACCOUNTS = ['as-recorded', 'met-another', 'by-phone', 'typed-later', 'mixed', 'no-visit', 'other'];
const finding = (nth, some) => ({
  id: FINDING(nth), record: 'ab'.repeat(32), visited_on: day(-20), outcome: 'met', stage: 'asked', reply_by: day(10), accounts: [], account: null, account_words: '',
  place: { label: '阳光小区 3栋 1单元 401室', estate: '阳光小区', building: '3', stair: '1', floor: 4, door: '401' },
  question: '复访时,住户说本期没有人来过。\n您的记录是当天下午入户见面。请说说当时的情况。',
  ruling: null, reason: '', appeal_by: null, may_appeal: false, appeal_words: '', reversed: null, heard_words: '', ended: false, ...some,
});
const said = { account: 'met-another', account_words: '见的是大女儿,她搬走前住在这里。' };
const found = { ...said, stage: 'decided', ruling: 'missed', reason: '两次复访,两位住户都说没有人来过;门卫登记也没有。', appeal_by: day(14) };

export const MESSAGES = {
  waiting: 3,
  revisits: [
    revisit(0, { due: day(-2), overdue: true }),
    revisit(1, {}),
    revisit(2, { answer: { key: `${DRAW}/2/1`, on: day(0), by_phone: false, told: 'nobody-came', came_on: null, people: '3', remark: '' } }),
  ],
  findings: [
    finding(0, { accounts: ACCOUNTS.map((account) => ({ account, needs_words: ['met-another', 'mixed', 'other'].includes(account) })) }),
    finding(1, { ...said, stage: 'accounted' }),
    finding(2, { ...found, may_appeal: true }),
    finding(3, { ...found, stage: 'appealed', appeal_words: '门卫那天换班,请问早班的老李。' }),
    finding(4, { ...found, stage: 'heard', appeal_words: '请问早班的老李。', reversed: true, heard_words: '早班门卫证实当天来过。', ended: true }),
    finding(5, { ...said, stage: 'decided', ruling: 'cleared', reason: '记录属实。', place: null, outcome: null, ended: true }),
  ],
};

/** From now on the page gets these answers in place of the core's; those of `today` are the core's with something more. */
async function lay(page, answers) {
  await page.evaluate((given) => {
    const laid = globalThis.laid !== undefined;
    globalThis.laid = given;
    if (laid) return;
    const real = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (asked, ...rest) {
      const sample = asked?.do === 'ask' ? globalThis.laid[asked.name] : undefined;
      const tell = (word) => this.dispatchEvent(new MessageEvent('message', { data: { id: asked.id, ...word } }));
      if (sample === undefined) return real.call(this, asked, ...rest);
      if (asked.name !== 'today') return void queueMicrotask(() => tell('trouble' in sample ? sample : { answer: JSON.stringify(sample) }));
      const hear = (event) => {
        if (event.data?.id !== -asked.id) return;
        this.removeEventListener('message', hear);
        tell({ answer: JSON.stringify({ ...JSON.parse(event.data.answer), ...sample }) });
      };
      this.addEventListener('message', hear);
      return real.call(this, { ...asked, id: -asked.id }, ...rest);
    };
  }, answers);
}

/** Every state of messages; `see(name)` looks at each. */
export async function walkMessages(page, see) {
  const key = (value) => page.locator(`main label:has(input[value="${value}"])`);
  await at(page, '#/messages');
  await page.locator('main .quiet').waitFor();
  await see('90-messages-empty');
  const sample = { today: { waiting: 3 }, messages: MESSAGES };
  await lay(page, sample);
  await at(page, '#/today');
  await page.locator('.waiting-line a').waitFor();
  await see('91-today-waiting');
  await page.locator('.waiting-line a').tap();
  await page.locator('.message').nth(8).waitFor();
  await see('92-messages');
  await page.locator('.message').nth(1).tap();
  await page.locator('#revisit').waitFor();
  await see('93-revisit');
  await page.locator('.bar button').tap();
  await page.locator('#revisit .wrong').waitFor();
  await see('94-revisit-problem');
  await key('came').tap();
  await page.locator('#revisit input[type=date]').first().fill(day(-30));
  await page.locator('#revisit input[type=number]').fill('4');
  await page.locator('#revisit textarea').fill('敲了两次门');
  // What was typed stays while the app is open.
  await page.goBack();
  await page.locator('.message').nth(1).tap();
  await page.locator('#revisit input[type=number]').waitFor();
  if ((await page.locator('#revisit textarea').inputValue()) !== '敲了两次门') throw new Error('what was typed at a re-visit is lost');
  await see('95-revisit-filled');
  await lay(page, { ...sample, answer_revisit: MESSAGES });
  await page.locator('.bar button').tap();
  await page.locator('.notice').waitFor();
  await see('96-revisit-saved');
  await at(page, `#/revisit/${encodeURIComponent(MESSAGES.revisits[2].key)}`);
  await page.locator('#revisit .key-chosen').first().waitFor();
  await see('97-revisit-answered');
  await at(page, `#/revisit/${encodeURIComponent(`${DRAW}/9/1`)}`);
  await page.locator('main .quiet').waitFor();
  await see('97-revisit-gone');
  await at(page, `#/finding/${FINDING(0)}`);
  await page.locator('#account').waitFor();
  await see('98-finding-asked');
  await page.locator('#account .button-strong').tap();
  await page.locator('#account .wrong').waitFor();
  await key('met-another').tap();
  await see('98-finding-problem');
  await lay(page, { ...sample, appeal: { trouble: { remedy: 'fix-form', words: '请写明情况或理由 / say what happened, or why', problems: [{ field: 'words', words: '请写明情况或理由 / say what happened, or why' }] } } });
  await at(page, `#/finding/${FINDING(2)}`);
  await page.locator('#appeal').waitFor();
  await see('98-finding-decided');
  await page.locator('#appeal .button-strong').tap();
  await page.locator('#appeal .problem').waitFor();
  await see('98-finding-appeal-problem');
  for (const [nth, name] of [[1, 'accounted'], [3, 'appealed'], [4, 'heard'], [5, 'cleared']]) {
    await at(page, `#/finding/${FINDING(nth)}`);
    await page.locator('main .card h2').nth(nth === 1 ? 2 : 3).waitFor();
    await see(`99-finding-${name}`);
  }
  await lay(page, {});
}
