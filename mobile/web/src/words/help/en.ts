import type { Article, HelpCode } from './zh';

export const helpEn: { readonly [code in HelpCode]: Article } = {
  today: {
    title: 'Today',
    text: [
      'The doors due in this period and not visited yet, in the order you walk them: building, stair, floor.',
      'A tap opens a household. Key households carry 重; appointments, requests and what was missed stand beside the door.',
      'The figures above are "visited / due": a count of households, not a mark.',
    ],
  },
  unit: {
    title: 'One household',
    text: [
      'Names, numbers and categories are masked. "Open for this visit" shows them; they are masked again when you leave, and the look is recorded.',
      'The four keys below record the outcome. Nothing changed: "Met, no change", then "Save".',
    ],
  },
  visit: {
    title: 'The visit form',
    text: [
      'Fill in only what changed. Nothing half done is lost: each step is kept, also when the phone is switched off.',
      'All problems are shown together, at their fields. Nothing was saved then; mend them and save again.',
    ],
  },
  plan: {
    title: 'Building plan',
    text: ['Drawn from the roster, without a map. Letter, pattern and colour say the same; see the legend.', 'Not home: tap the door, then "Not home". Two taps.'],
  },
  new: {
    title: 'New household',
    text: ['A household not in the roster is made at the door and can be visited at once. The community confirms it later, or returns it with a reason.', 'Home and household are apart: several households may live behind one door.'],
  },
  use: {
    title: 'Change of use',
    text: ['A shop, a store room, a flat joined to the next, a door that is gone: change its use under "More" of a household. It is due no longer once the community confirms.'],
  },
  sync: {
    title: 'Sync',
    text: [
      'It sends and receives by itself when there is a line. Visiting and recording work without one.',
      'Each record says how far it got. The log of contacts holds no personal data and may be given to support.',
    ],
  },
  mine: {
    title: 'Mine',
    text: ['What is kept about you, the rules in force with their words, who sees what, text size and language, locking and the passcode.'],
  },
  sheet: {
    title: 'Day sheet',
    text: ['Without a phone: print it, take it along (names are masked) and enter it afterwards. There is no disadvantage.'],
  },
  messages: {
    title: 'Messages',
    text: [
      'What the community asks of you: doors to ask at again (re-visits), questions about a record of yours, rewards and deductions about you. Today has one line where something waits; no badge, no timer.',
      'Answers are saved on this phone first and sent when there is a line; Sync shows how far each got. An answer half typed is gone when the app is closed.',
    ],
  },
  revisit: {
    title: 'Re-visit (复访)',
    text: [
      'You ask once more at somebody else\'s door, to see whether records can be relied on. What is recorded there is not shown to you: only so the answer is worth something.',
      'Say who you are and that it is voluntary; do not say what is on record. Met nobody, would not say: these are answers, too.',
      'A slip: save again, and the latest counts. One that was taken back needs nobody to go.',
    ],
  },
  finding: {
    title: 'Question, account, appeal (核查, 说明, 申诉)',
    text: [
      'A question about a record does not mean that you are at fault. You are heard before anything is concluded: choose what happened and say how it was. After the day, too, while nothing is decided.',
      'A person decides, and says why. If you do not agree, appeal in time: somebody else hears it. Once reversed, all is as before.',
    ],
  },
  line: {
    title: 'Rewards and deductions (奖惩事项)',
    text: [
      'What somebody proposes by an adopted rule – a reward, a deduction, something to be looked into – stands here: which rule, its words, how much, what it rests on. Where the rule states no amount, none is made up.',
      'Proposed is not decided. You are heard first, then another person confirms it. Against a confirmed deduction you can appeal in time; until the appeal is heard it has no effect. Against a reward there is nothing to appeal.',
      'No program deducts, pays, adds up or compares. When the finding it rests on is reversed, the line is dropped.',
    ],
  },
  lock: {
    title: 'Passcode and locking',
    text: [
      'Records are encrypted. Nobody opens them without the passcode, and a forgotten one cannot be found again: the old file is put aside as it is, and a new code begins anew.',
      'Lock it when you put it down: Mine, "Lock now". A short passcode does not stop people with tools; take 8 signs or more.',
    ],
  },
  practice: {
    title: 'Practice stair',
    text: ['Six invented doors on the real screens. Nothing counts, is kept or is sent; end it at any time, and practise again from Mine.'],
  },
  due: {
    title: 'Due (应访)',
    text: ['What is to be visited in this period: each household once a quarter, key households once a month. Empty homes are looked at, too.', 'What the rules take out (see "Deducted") is not in it, and nobody reminds you of it.'],
  },
  done: {
    title: 'Visited (已访)',
    text: ['Somebody of the household was met, inside or at the door. Whether a call counts is a matter of the rules adopted: Mine, "Rules in force".'],
  },
  key: {
    title: 'Key household (重点户)',
    text: ['Visited once a month. The community decides; you can suggest it, or the opposite, under "More" of a household, with a reason.'],
  },
  deducted: {
    title: 'Deducted (核减, 扣减)',
    text: ['Households taken out of what is due: moved away, empty, registered only. Households are deducted; nothing is taken from you.', 'Each is listed with its reason; some need the community, which gives its reason where it does not agree.'],
  },
  late: {
    title: 'Another day (补录)',
    text: ['A visit of another day: give its day. There is no disadvantage, and no need to say why it is late.'],
  },
  'not-home': {
    title: 'Not home, note left',
    text: ['An attempt is recorded as well, and another time of day is suggested next. Tick it if you left a note.', 'After some attempts on different days and at different times of day it is deducted for the period; how many stands in "Rules in force".'],
  },
  vacant: {
    title: 'Empty homes',
    text: ['Nobody lives there: "Empty". Where the property manager, the steward or the landlord confirms it, once is enough; else a second look after 7 days is needed. Somebody does: "Lived in", and make the household.'],
  },
  phone: {
    title: 'By phone, told by another',
    text: ['Nobody was met, and you called or were told: choose these two, and say it as it was. Both are kept; whether they count is a matter of the rules.'],
  },
  saved: {
    title: 'Saved on this phone, not yet received',
    text: ['Written into the file of this phone, also when it is switched off. The hub does not have it yet: do not clear the data of the browser. It is sent by itself.'],
  },
  received: {
    title: 'Received',
    text: ['The hub has it. The phone keeps it for a while, until a backup of the hub has it, too.'],
  },
  parked: {
    title: 'Waiting for a decision',
    text: ['The hub has it, and a person has to look first, for example where it came after a hand-over. You need not do anything.'],
  },
  refused: {
    title: 'Refused',
    text: ['The hub did not take it; the reason stands beside it. Nothing is lost: "Correct and send again".'],
  },
  undo: {
    title: 'Undo, correct',
    text: ['A slip just now: "Undo". Later: in the history of the household tap the line, then "Correct" or "Withdraw".', 'The former record stays and counts no longer. Mending your own mistakes has no disadvantage.'],
  },
  request: {
    title: 'Requests and hazards',
    text: [
      'What a resident asks for is a request; a danger in the stair (a thing, not a person) is a hazard. Note it on a visit: "Request" or "Hazard".',
      'The desk decides who handles it and until when. Open the household to see where it stands: noted, passed up, assigned, handled, closed; past its day it says "overdue".',
      'Assigned to you, or assigned to nobody and done by you: "Handled", with a line on what was done. Not yours to do: "Not mine", with a line on whose it is.',
      'Once something came of it, it says "tell the resident": do so, then tap "Resident told". It leaves the list when the resident knows and the desk has closed it.',
      'Households with open requests are found on Today by the filter "Request". Answers are saved on this phone first, as visits are, and sent when there is a line.',
    ],
  },
  question: {
    title: 'Questions of the community',
    text: ['A few questions asked for a while. Fill in what was asked, leave out what was not. Each says who wants it and what for.'],
  },
  conflict: {
    title: 'Changed by two at once',
    text: ['Two phones changed one entry, and both values stay. Choose the right one if you know; leave it if you do not.'],
  },
  lease: {
    title: 'Names locked',
    text: ['Without a sync for long the phone locks names, numbers and categories, in case it was lost. Doors and recording stay open; one sync unlocks.'],
  },
  looks: {
    title: 'Looks',
    text: ['Whose names and numbers were opened, by whom and when, is kept, so that residents can be answered. You see yours under Mine.'],
  },
  'do-not-ask': {
    title: 'Do not disturb',
    text: ['A resident does not want visits: "Declined", with a day if there is one. Until then nobody reminds you, and it is not held against you.'],
  },
  appointment: {
    title: 'Appointment',
    text: ['Another day was agreed: give it, and it stands in the list then.'],
  },
  search: {
    title: 'Search',
    text: [
      'By address, name or telephone; a part of it will do. While names are locked only addresses are searched.',
      'Households that are not due are found as well, under "Other households".',
    ],
  },
  initials: {
    title: 'First letters of pinyin',
    text: [
      'The search takes first letters: wxm finds 王小明, ygxq finds 阳光小区; numbers of doors may follow.',
      'A sign with several readings is found by its commonest; surnames such as 单 曾 解 仇 区 查 翟 盖 and 幢 弄 堡 of addresses by both. Rare signs may not be found: type the sign.',
      'This phone tells the letters by itself and sends nothing. Up to a hundred doors are listed: type more letters where there are more.',
    ],
  },
  pace: {
    title: 'Working days left',
    text: ['For you alone. Tap the line and mark your days off, and the number comes right; × hides the line. All of it stays on this phone.'],
  },
  full: {
    title: 'No space left',
    text: [
      'When the phone is full, saving fails and says so. The form stays on the screen: do not leave the page. It says so, too, where not even the draft could be kept.',
      '"Sync now" stands right there; then switch to another app, delete photos, videos or apps you do not use, switch back and save. Do not clear the data of the browser: what is unsent lies there.',
    ],
  },
  enrol: {
    title: 'Another phone',
    text: ['Ask your community for a new code (valid once, for 24 hours). Sync the old phone first; what was received is at the hub and comes to the new one.'],
  },
  complaint: {
    title: 'Complaints and suggestions',
    text: [
      'About the visits, this app or a finding: call the office of your community, or go there. The number stands under Mine; ask for it where it does not.',
      'Before a finding about you the community has to hear you, show you the evidence and tell you how to appeal. There is no box here: a call does more than a box for show.',
    ],
  },
};
