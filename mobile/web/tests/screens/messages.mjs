// 消息 – doors to ask at again, questions and lines of the ledger in every state. The demo hub asks nothing of its worker: what the core would tell
// stands here, and is laid over its answers in the page. Wrong forms go to the core itself.
import { day } from './bench.mjs';

const at = (page, hash) => page.evaluate((to) => (location.hash = to), hash);
const DRAW = '0193a000-0000-7000-8000-0000000000d1';
const FINDING = (nth) => `0193a000-0000-7000-8000-0000000000f${nth}`;

const revisit = (nth, some) => ({ key: `${DRAW}/${nth}/1`, place: `阳光小区 ${nth + 1}栋 2单元 302室`, due: day(5), overdue: false, answer: null, ...some });
const ACCOUNTS = ['as-recorded', 'met-another', 'by-phone', 'typed-later', 'mixed', 'no-visit', 'other'];
const finding = (nth, some) => ({
  id: FINDING(nth), record: 'ab'.repeat(32), visited_on: day(-20), outcome: 'met', stage: 'asked', reply_by: day(10), accounts: [], account: null, account_words: '', account_noted: false,
  place: { label: '阳光小区 3栋 1单元 401室', estate: '阳光小区', building: '3', stair: '1', floor: 4, door: '401' },
  question: '复访时,住户说本期没有人来过。\n您的记录是当天下午入户见面。请说说当时的情况。',
  ruling: null, reason: '', appeal_by: null, may_appeal: false, appeal_words: '', appeal_noted: false, reversed: null, heard_words: '', ended: false, ...some,
});
const said = { account: 'met-another', account_words: '见的是大女儿,她搬走前住在这里。' };
const found = { ...said, stage: 'decided', ruling: 'missed', reason: '两次复访,两位住户都说没有人来过;门卫登记也没有。', appeal_by: day(14) };

const LINE = (nth) => `0193a000-0000-7000-8000-0000000000e${nth}`;
const line = (nth, some) => ({
  id: LINE(nth), kind: 'deduction', rule: 'D1b-25', quote: '五·3 「扣發年終獎10%」', bonus_percent: 10, finding: FINDING(2), completion: null,
  released: ['L-7 示政发〔2026〕13号'], standing: 'draft', reason: '认定“入户不到位”已经生效,没有申诉。', reply_by: day(10), reply: '', reply_noted: false, decided_words: '', withdrawn_words: '',
  appeal_by: null, appeal_words: '', appeal_noted: false, reversed: null, heard_words: '', may_reply: false, may_appeal: false, ended: false, ...some,
});
const reply = { reply: '那一户我后来补访了,有居民可以作证。' };
const confirmed = { ...reply, standing: 'confirmed', decided_words: '补访在核查以后。\n照规定办理。', appeal_by: day(14) };
const appealed = { ...confirmed, standing: 'appealed', appeal_words: '规定里没有写“每次”,去年已经扣过一次。' };
const whole = { period: '2026Q3', due: 212, done: 205, deducted: 7, outstanding: 0, requests: 9, corrections: 3 };
const reward = { kind: 'reward', rule: 'D1b-21', quote: '五·1 「按質按量完成各項任務的,享受全年補貼、年終獎勵和專項獎勵」', bonus_percent: null, finding: null, completion: whole, released: [], reason: '本季度按质按量完成。' };
const LINES = [
  line(0, { may_reply: true }),
  line(1, { ...reward, may_reply: true }),
  line(2, { ...reply, kind: 'review', rule: 'D1b-27', quote: '末 「以上制度若有違規:幹部報請上級黨委、政府。工作人員:解除社群工作人員身份」', bonus_percent: null, finding: FINDING(9), standing: 'answered' }),
  line(3, { ...confirmed, may_appeal: true }),
  line(4, { ...appealed, reply_noted: true, appeal_noted: true }),
  line(5, { ...appealed, standing: 'upheld', reversed: false, heard_words: '规定是每季度一次,去年扣的是另一件。', ended: true }),
  line(6, { ...appealed, standing: 'withdrawn', reversed: true, heard_words: '规定没有写“每次”。', ended: true }),
  line(7, { ...confirmed, standing: 'withdrawn', withdrawn_words: '核查结论经复核撤销。', ended: true }),
  line(8, { ...confirmed, appeal_by: day(-1), ended: true }),
  line(9, { ...reward, standing: 'confirmed', decided_words: '同意。', ended: true }),
];

export const MESSAGES = {
  waiting: 5,
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
  lines: LINES,
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
      // What an answer shows stands from then on.
      if (asked.name !== 'today' && !('trouble' in sample)) globalThis.laid.messages = sample;
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
  const sample = { today: { waiting: 5 }, messages: MESSAGES };
  await lay(page, sample);
  await at(page, '#/today');
  await page.locator('.waiting-line a').waitFor();
  await see('91-today-waiting');
  await page.locator('.waiting-line a').tap();
  await page.locator('.message').nth(18).waitFor();
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
  await walkLines(page, sample, see);
  await lay(page, {});
}

/** 奖惩事项 – a line proposed, in every state after that, and what is half typed at one. */
async function walkLines(page, sample, see) {
  const open = (nth) => at(page, `#/line/${LINE(nth)}`);
  await open(0);
  await page.locator('#reply-line').waitFor();
  await see('100-line-proposed');
  await page.locator('main a.button').tap();
  await page.locator('#appeal').waitFor();
  await page.goBack();
  await page.locator('#reply-line textarea').fill('那一户我后来补访了');
  // An answer without words is refused, and the refusal stands at the field; what was typed stays while the app is open.
  const refused = { trouble: { remedy: 'fix-form', words: '请写明情况或理由 / say what happened, or why', problems: [{ field: 'words', words: '请写明情况或理由 / say what happened, or why' }] } };
  await lay(page, { ...sample, reply_line: refused, appeal_line: refused });
  await page.locator('#reply-line .button-strong').tap();
  await page.locator('#reply-line .problem').waitFor();
  await see('100-line-problem');
  await at(page, '#/messages');
  await page.locator('.messages-lines .message').first().tap();
  await page.locator('#reply-line').waitFor();
  if ((await page.locator('#reply-line textarea').inputValue()) !== '那一户我后来补访了') throw new Error('what was typed at a line is lost');
  const sent = { ...MESSAGES, waiting: 4, lines: [line(0, { ...reply, standing: 'answered' }), ...LINES.slice(1)] };
  await lay(page, { ...sample, reply_line: sent });
  await page.locator('#reply-line .button-strong').tap();
  await page.locator('.notice').waitFor();
  await page.locator('#reply-line').waitFor({ state: 'detached' });
  await see('100-line-sent');
  await lay(page, { ...sample, appeal_line: refused });
  await open(3);
  await page.locator('#appeal-line').waitFor();
  await see('101-line-confirmed');
  await page.locator('#appeal-line .button-strong').tap();
  await page.locator('#appeal-line .problem').waitFor();
  await see('101-line-appeal-problem');
  for (const [nth, cards, name] of [[1, 3, 'reward'], [2, 3, 'review'], [4, 5, 'appealed'], [5, 6, 'upheld'], [6, 6, 'reversed'], [7, 5, 'withdrawn'], [8, 4, 'holds'], [9, 3, 'granted']]) {
    await open(nth);
    await page.locator('main .card h2').nth(cards - 1).waitFor();
    await see(`102-line-${name}`);
  }
  await at(page, '#/line/0193a000-0000-7000-8000-00000000dead');
  await page.locator('main > .quiet').waitFor();
  await see('102-line-gone');
}
