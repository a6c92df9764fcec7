// Written by `UPDATE_PORT=1 cargo test -p ruhu-port --test typescript` from mobile/port; do not edit.

/**
 * What the person can do.
 */
export type Remedy = "fix-form" | "try-later" | "update-app" | "call-support";

/**
 * One thing wrong with a form.
 */
export type FormProblem = { 
/**
 * The field it belongs to: `outcome`, `visited-on`, or the key of a field of the household.
 */
field: string, 
/**
 * In Chinese, then English, divided by ` / `.
 */
words: string, };

/**
 * 问题 – what did not work. Nothing was changed.
 */
export type Trouble = { 
/**
 * What the person can do.
 */
remedy: Remedy, 
/**
 * In Chinese, then English, divided by ` / `. Never holds personal data.
 */
words: string, 
/**
 * Each with its field, for [`Remedy::FixForm`].
 */
problems: Array<FormProblem>, };

/**
 * 本机 – as whom this phone records, and how it stands.
 */
export type State = { 
/**
 * Version of the app.
 */
app: string, 
/**
 * As whom it records; `None` before it is enrolled.
 */
who: Who | null, 
/**
 * Today in the community's zone.
 */
today: string, 
/**
 * Until when names are shown; `None` before it is enrolled.
 */
lease: LeaseView | null, 
/**
 * How much is on its way.
 */
outbox: Outbox, 
/**
 * When the hub last answered; `None` before the first sync.
 */
last_contact: string | null, 
/**
 * 请更新 – received records a newer version wrote; they show once the app is updated.
 */
unreadable: number, 
/**
 * 首字母 – whether names and addresses are found by first letters: the host has a table of readings.
 */
initials: boolean, 
/**
 * 练习 – the practice stair, while it is walked: then everything asked is answered from it alone.
 */
practice: Practice | null, };

/**
 * 登记 – as whom this phone records.
 */
export type Who = { 
/**
 * Name on the worker's card.
 */
worker_name: string, 
/**
 * 社区 – empty before the first sync.
 */
community: string, 
/**
 * 区县, 街道 above it.
 */
above: string, 
/**
 * Where the hub is reached.
 */
hub_url: string, 
/**
 * The enrolment's id.
 */
enrolment: string, };

/**
 * 租期 – until when names are shown.
 */
export type LeaseView = { 
/**
 * How many days it runs.
 */
days: number, 
/**
 * Names, numbers and categories are locked until the hub answers.
 */
locked: boolean, 
/**
 * Days left, when it ends soon.
 */
days_left: number | null, };

/**
 * How much is on its way.
 */
export type Outbox = { 
/**
 * 已存本机,中心未收.
 */
unsent: number, 
/**
 * 已收到.
 */
accepted: number, 
/**
 * 待核.
 */
parked: number, 
/**
 * 退回.
 */
quarantined: number, };

/**
 * 已访 / 应访 – a plain count, never a rate of a person.
 */
export type Count = { 
/**
 * 已访.
 */
done: number, 
/**
 * 应访.
 */
due: number, };

/**
 * 练习楼道 – six invented doors; nothing of them counts, is kept or is sent.
 */
export type Practice = { 
/**
 * Its doors, from below.
 */
lessons: Array<LessonLine>, };

/**
 * One door of the practice.
 */
export type LessonLine = { 
/**
 * What it is for: `unchanged`, `not-home`, `key`, `moved-in`, `vacant`, `tenant`.
 */
code: string, 
/**
 * Which door.
 */
dwelling: string, 
/**
 * Something was recorded there.
 */
tried: boolean, };

/**
 * 休息日 – the working days left of the running quarter. Known to this phone alone, never sent.
 */
export type OwnDays = { 
/**
 * From today on.
 */
days: Array<OwnDay>, };

/**
 * One working day.
 */
export type OwnDay = { 
/**
 * The day.
 */
on: string, 
/**
 * The worker takes it off.
 */
off: boolean, };

/**
 * 应访清单 – the due list of a day.
 */
export type Today = { 
/**
 * The day it was made for.
 */
day: string, 
/**
 * 本季度.
 */
quarter: Count, 
/**
 * 本月重点户.
 */
month: Count, 
/**
 * Working days to the end of the quarter, both ends counted.
 */
working_days_left: number, 
/**
 * Open households per working day left, rounded up.
 */
per_working_day: number, 
/**
 * The grids this phone holds.
 */
grids: Array<GridLine>, 
/**
 * 消息 – how many things wait for an answer of this worker.
 */
waiting: number, 
/**
 * In walking order.
 */
doors: Array<DueDoor>, };

/**
 * 网格.
 */
export type GridLine = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, };

/**
 * One unit to call on.
 */
export type DueDoor = { 
/**
 * Whom.
 */
unit: string, 
/**
 * At which door.
 */
dwelling: string, 
/**
 * Where; `None` when the door is not in this phone's roster.
 */
place: Place | null, 
/**
 * Its members as lists show them, the head first; a child under 14 by age, without a name.
 */
names: Array<string>, 
/**
 * 重点户.
 */
key: boolean, 
/**
 * Every reason it is listed, the most pressing first.
 */
reasons: Array<Reason>, 
/**
 * 改约.
 */
appointment: Appointment | null, 
/**
 * 诉求 – how many wait for an answer.
 */
open_requests: number, 
/**
 * 请勿打扰 – no knock is suggested until after this day.
 */
do_not_ask_until: string | null, 
/**
 * Attempts of the running quarter, earliest first.
 */
tried: Array<Tried>, 
/**
 * 建议时段.
 */
best_time: BestTime | null, 
/**
 * 两人同时修改 – how many fields hold more than one value.
 */
conflicts: number, 
/**
 * A visit to it is being filled in.
 */
has_draft: boolean, };

/**
 * Why a unit is listed: `appointment`, `request`, `overdue-month`, `overdue-quarter`, `month`, `quarter`,
 * `taken-over-late`, `seen-vacant-once`, `found-false`.
 */
export type Reason = { 
/**
 * Its code.
 */
code: string, };

/**
 * Where a door is, in the order people say it.
 */
export type Place = { 
/**
 * In one line.
 */
label: string, 
/**
 * 小区.
 */
estate: string, 
/**
 * 楼栋.
 */
building: string, 
/**
 * 单元.
 */
stair: string, 
/**
 * 楼层; basements are negative.
 */
floor: number | null, 
/**
 * 户室号.
 */
door: string, };

/**
 * 改约 – what was agreed.
 */
export type Appointment = { 
/**
 * The day.
 */
on: string, 
/**
 * The time of day, if any.
 */
at: string | null, };

/**
 * One attempt.
 */
export type Tried = { 
/**
 * The day.
 */
on: string, 
/**
 * `morning`, `afternoon`, `evening`.
 */
band: string | null, 
/**
 * Code of what came of it.
 */
outcome: string, };

/**
 * 建议时段.
 */
export type BestTime = { 
/**
 * `morning`, `afternoon`, `evening`.
 */
band: string, 
/**
 * `met-then`, `not-tried`, `least-tried`.
 */
why: string, };

/**
 * One unit as a line of a list.
 */
export type UnitLine = { 
/**
 * Which.
 */
unit: string, 
/**
 * Its door.
 */
dwelling: string | null, 
/**
 * Where.
 */
place: Place | null, 
/**
 * Its members as lists show them.
 */
names: Array<string>, 
/**
 * How many fields hold more than one value.
 */
conflicts: number, };

/**
 * One building of the list.
 */
export type BuildingLine = { 
/**
 * 小区.
 */
estate: string, 
/**
 * 楼栋.
 */
building: string, 
/**
 * Doors.
 */
doors: number, 
/**
 * Units still open in the running quarter or month.
 */
open: number, };

/**
 * One building, stair by stair.
 */
export type Building = { 
/**
 * 小区.
 */
estate: string, 
/**
 * 楼栋.
 */
building: string, 
/**
 * 楼栋长 – whom to ask first.
 */
stewards: Array<Steward>, 
/**
 * In walking order.
 */
stairs: Array<Stair>, };

/**
 * 楼栋长.
 */
export type Steward = { 
/**
 * 单元; `None` for the whole building.
 */
stair: string | null, 
/**
 * Name.
 */
name: string, 
/**
 * Telephone.
 */
phone: string | null, };

/**
 * 单元.
 */
export type Stair = { 
/**
 * Its label; empty where the building has none.
 */
stair: string, 
/**
 * The top floor first, as a building is seen.
 */
floors: Array<Floor>, };

/**
 * 楼层.
 */
export type Floor = { 
/**
 * Its number; `None` where it is not known.
 */
floor: number | null, 
/**
 * In the order they are walked.
 */
doors: Array<Door>, };

/**
 * 户室.
 */
export type Door = { 
/**
 * Its id.
 */
dwelling: string, 
/**
 * 户室号.
 */
door: string, 
/**
 * Who lives there, or the empty home itself; none behind a shop or a store room.
 */
homes: Array<DoorHome>, 
/**
 * `home`, `annex`, `non-residential`, `gone`.
 */
used_as: string, };

/**
 * One unit behind a door.
 */
export type DoorHome = { 
/**
 * Which.
 */
unit: string, 
/**
 * Its members as lists show them.
 */
names: Array<string>, 
/**
 * 重点户.
 */
key: boolean, 
/**
 * How it stands in the running quarter, or the month where that is still open.
 */
state: DoorState, };

/**
 * How a unit stands.
 */
export type DoorState = "done" | "deducted" | "due" | "tried" | "appointment" | "seen-vacant" | "not-due";

/**
 * 家庭户, or an empty home.
 */
export type Household = { 
/**
 * Which.
 */
unit: string, 
/**
 * Its door.
 */
dwelling: string | null, 
/**
 * Where.
 */
place: Place | null, 
/**
 * 网格.
 */
grid: string, 
/**
 * 重点户.
 */
key: boolean, 
/**
 * Names, numbers and categories are locked: the lease ran out.
 */
locked: boolean, 
/**
 * Whether the fields below stand open; else names, numbers and categories are masked.
 */
open: boolean, 
/**
 * Its members.
 */
members: Array<MemberView>, 
/**
 * Fields of the household as a whole, in the order of the form.
 */
fields: Array<FieldView>, 
/**
 * Visits and events, the latest first.
 */
history: Array<HistoryLine>, 
/**
 * 诉求, 隐患 – not closed yet, or what came of it not told to the resident. None while names are locked.
 */
requests: Array<OpenRequest>, 
/**
 * 专项 – to ask today.
 */
questions: Array<QuestionView>, 
/**
 * 下次留言.
 */
note_for_next: string, 
/**
 * 请勿打扰 until this day.
 */
do_not_ask_until: string | null, 
/**
 * 楼栋长 – whom to ask first.
 */
steward: string | null, 
/**
 * Where two workers wrote the same field apart.
 */
conflicts: Array<Conflict>, 
/**
 * Other households behind the same door.
 */
neighbours: Array<UnitLine>, 
/**
 * Its records that were refused or wait.
 */
refused: Array<ReceiptLine>, 
/**
 * A visit to it is being filled in.
 */
has_draft: boolean, };

/**
 * One member.
 */
export type MemberView = { 
/**
 * Who.
 */
person: string, 
/**
 * The name as it may be shown now: masked, open, or `儿童, 6 岁` for a child under 14.
 */
name: string, 
/**
 * 户主.
 */
head: boolean, 
/**
 * Under 14.
 */
child: boolean, 
/**
 * 服务对象 – the categories with a form here; empty while masked.
 */
categories: Array<Chip>, 
/**
 * Whether there are categories at all, told while they are masked.
 */
has_categories: boolean, 
/**
 * Fields, in the order of the form; empty for a child under 14 and while masked.
 */
fields: Array<FieldView>, };

/**
 * A category of a member.
 */
export type Chip = { 
/**
 * Its id.
 */
id: string, 
/**
 * In Chinese.
 */
zh: string, 
/**
 * In English.
 */
en: string, };

/**
 * One field of a form.
 */
export type FieldView = { 
/**
 * Its key in the household's document.
 */
key: string, 
/**
 * Label in Chinese.
 */
zh: string, 
/**
 * Label in English.
 */
en: string, 
/**
 * What it can hold.
 */
kind: FieldKind, 
/**
 * The choices, for a choice.
 */
choices: Array<Choice>, 
/**
 * Its value as text (a choice by its id, yes as `true`); masked while the sheet is. Empty: not known.
 */
value: string, 
/**
 * 目的 and 依据 – why it is asked; empty for the plain fields of the profile.
 */
why: string, };

/**
 * What a field can hold.
 */
export type FieldKind = "text" | "date" | "part-date" | "choice" | "yes-no" | "number" | "member";

/**
 * One choice.
 */
export type Choice = { 
/**
 * What is stored.
 */
id: string, 
/**
 * In Chinese.
 */
zh: string, 
/**
 * In English.
 */
en: string, };

/**
 * 类别表 – the form of one category.
 */
export type CategoryForm = { 
/**
 * Its id.
 */
id: string, 
/**
 * In Chinese.
 */
zh: string, 
/**
 * In English.
 */
en: string, 
/**
 * Its fields; each key stands behind the person's id: `c/low-income/since`.
 */
fields: Array<FieldView>, };

/**
 * 空表 – what can be asked, without values.
 */
export type Forms = { 
/**
 * Of a member; each key stands behind the person's id: `name`.
 */
member: Array<FieldView>, 
/**
 * The categories the organ confirmed.
 */
categories: Array<CategoryForm>, 
/**
 * 走访结果, in the order they are offered.
 */
outcomes: Array<OutcomeShape>, };

/**
 * One line of the history.
 */
export type HistoryLine = { 
/**
 * Payload hash of the record, for a correction or withdrawal.
 */
record: string, 
/**
 * The day it speaks of.
 */
on: string, 
/**
 * The time of day, for a visit.
 */
at: string | null, 
/**
 * `visit`, or the code of the event.
 */
what: string, 
/**
 * Code of the outcome, for a visit.
 */
outcome: string | null, 
/**
 * Who recorded it; empty for the desk.
 */
by: string, 
/**
 * One's own.
 */
mine: boolean, 
/**
 * 补录.
 */
late: boolean, 
/**
 * Withdrawn or returned.
 */
taken_back: boolean, 
/**
 * Corrected by a later record.
 */
superseded: boolean, };

/**
 * 诉求 or 隐患.
 */
export type OpenRequest = { 
/**
 * Its id.
 */
id: string, 
/**
 * The resident's words, or what the danger is; masked sheets do not show them.
 */
words: string, 
/**
 * What is wanted, or where it is.
 */
more: string, 
/**
 * 隐患.
 */
hazard: boolean, 
/**
 * The day it was raised.
 */
on: string, 
/**
 * The latest step: `passed_up`, `assigned`, `handled`, `replied`, `closed`; `None` while it was only noticed.
 */
step: string | null, 
/**
 * 办结 – closed since.
 */
closed: boolean, 
/**
 * 待告知 – something came of it and the resident does not know yet.
 */
to_tell: boolean, 
/**
 * What came of it; masked sheets do not show it.
 */
result: string, 
/**
 * 承办 – the office or colleague who is to handle it; empty where nobody was said.
 */
owner: string, 
/**
 * Whether that is this worker, and it is not handled yet.
 */
mine: boolean, 
/**
 * 时限 – the last day to handle it.
 */
due: string | null, 
/**
 * 逾期 – not handled though that day has passed.
 */
overdue: boolean, 
/**
 * What can be said of it now; nothing while its words are masked.
 */
answers: Array<RequestSaid>, };

/**
 * 答复 – what a worker can say of a request.
 */
export type RequestSaid = "handled" | "told" | "not-mine";

/**
 * 专项 – one question.
 */
export type QuestionView = { 
/**
 * Its id.
 */
id: string, 
/**
 * In Chinese.
 */
zh: string, 
/**
 * In English; may be empty.
 */
en: string, 
/**
 * Who asks, what for, on what basis.
 */
why: string, 
/**
 * What can be answered.
 */
kind: QuestionKind, 
/**
 * The choices, for a choice; their ids are their numbers from 0.
 */
choices: Array<Choice>, 
/**
 * Smallest number.
 */
min: number | null, 
/**
 * Largest number, or most characters of a text.
 */
max: number | null, };

/**
 * What can be answered.
 */
export type QuestionKind = "yes-no" | "choice" | "number" | "date" | "text";

/**
 * 两人同时修改 – one field with several values.
 */
export type Conflict = { 
/**
 * The field's key.
 */
key: string, 
/**
 * Label in Chinese.
 */
zh: string, 
/**
 * Label in English.
 */
en: string, 
/**
 * The values as text, to choose from by number.
 */
values: Array<string>, };

/**
 * 新户 – a household found at the door.
 */
export type FoundHousehold = { 
/**
 * Behind this door of the roster; or a new door, when empty.
 */
dwelling: string | null, 
/**
 * The new door.
 */
place: Place | null, 
/**
 * The grid of the new door.
 */
grid: string | null, 
/**
 * 入住日.
 */
moved_in_on: string | null, 
/**
 * 分户 – the household it came out of.
 */
split_from: string | null, 
/**
 * Its members.
 */
members: Array<FoundMember>, 
/**
 * 联系电话.
 */
phone: string, 
/**
 * 居住方式: `owned`, `rented`, `lent`, `public`, or empty.
 */
tenure: string, 
/**
 * Why, in the worker's words.
 */
reason: string, };

/**
 * One member of a new household.
 */
export type FoundMember = { 
/**
 * 姓名.
 */
name: string, 
/**
 * 出生 – a day, a month, a year, or empty.
 */
birth: string, 
/**
 * 与户主关系.
 */
relation: string, };

/**
 * 用途变更 – a door is used otherwise than the roster says.
 */
export type FoundUse = { 
/**
 * Which door.
 */
dwelling: string, 
/**
 * `home`, `annex`, `non-residential`, `gone`.
 */
used_as: string, 
/**
 * Of which household, for an annex.
 */
annex_of: string | null, 
/**
 * Why, in the worker's words.
 */
reason: string, };

/**
 * 走访表 – a visit being filled in. Everything may lack.
 */
export type VisitForm = { 
/**
 * Whom.
 */
unit: string, 
/**
 * At which door.
 */
dwelling: string | null, 
/**
 * 走访日期; today when empty.
 */
visited_on: string | null, 
/**
 * 走访时间; now when empty and the visit was today.
 */
visited_at: string | null, 
/**
 * 走访结果.
 */
outcome: OutcomeForm | null, 
/**
 * Only a child was at home.
 */
child_alone: boolean, 
/**
 * 更正 – payload hash of one's own record that this one corrects.
 */
supersedes: string | null, 
/**
 * Ids of the adults met.
 */
met: Array<string>, 
/**
 * 无变化.
 */
nothing_changed: boolean, 
/**
 * 变化.
 */
changes: Array<ChangeForm>, 
/**
 * 诉求.
 */
requests: Array<RequestForm>, 
/**
 * 隐患.
 */
hazards: Array<HazardForm>, 
/**
 * 专项.
 */
answers: Array<AnswerForm>, 
/**
 * 改约.
 */
appointment: Appointment | null, 
/**
 * 同行 – by role: `colleague`, `police`, `doctor`, `property_manager`, `building_steward`, `volunteer`.
 */
came_along: Array<string>, 
/**
 * 备注.
 */
note: string, 
/**
 * 下次留言.
 */
note_for_next: string, 
/**
 * Fields of the household that change with this visit.
 */
fields: Array<FieldForm>, };

/**
 * 走访结果 with what belongs to it.
 */
export type OutcomeForm = { 
/**
 * `met`, `met-at-door`, `not-home`, `declined`, `phone`, `came-to-office`, `vacant`, `let-unverified`,
 * `moved-away`, `registered-only`, `no-such-address`, `rescheduled`, `unsafe`, `told`.
 */
code: string, 
/**
 * 留言条, of `not-home`.
 */
note_left: boolean, 
/**
 * 请勿打扰, of `declined`.
 */
do_not_ask_until: string | null, 
/**
 * Who said so, of `vacant`, `moved-away`, `told`: `resident`, `landlord`, `property_manager`,
 * `building_steward`, `neighbour`, `other`.
 */
informant: string | null, 
/**
 * The day it left, of `moved-away`.
 */
left_on: string | null, };

/**
 * What an outcome asks for.
 */
export type OutcomeShape = { 
/**
 * Its code.
 */
code: string, 
/**
 * Somebody of the household was met or spoken with; not offered at an empty home.
 */
met: boolean, 
/**
 * 留言条 can be ticked.
 */
note_left: boolean, 
/**
 * 请勿打扰至 can be filled in.
 */
until: boolean, 
/**
 * 搬离日期 can be filled in.
 */
left_on: boolean, 
/**
 * 改约 must be filled in.
 */
appointment: boolean, 
/**
 * Whether it is somebody's word.
 */
informing: Informing, };

/**
 * Whether an outcome rests on somebody's word.
 */
export type Informing = "not" | "may" | "must";

/**
 * 变化 – one step of what changed.
 */
export type ChangeForm = { 
/**
 * `moved_in`, `moved_out`, `birth`, `death`, `phone`, `head`, `tenure`, `category_in`, `category_out`,
 * `correction`.
 */
kind: string, 
/**
 * Whom it concerns; `new-1` for somebody who joins with this visit.
 */
person: string | null, 
/**
 * When.
 */
on: string | null, 
/**
 * The category entered or left.
 */
category: string | null, };

/**
 * 诉求.
 */
export type RequestForm = { 
/**
 * Its id; made when empty.
 */
id: string, 
/**
 * The resident's words.
 */
words: string, 
/**
 * 期望.
 */
wanted: string, 
/**
 * 当场办结.
 */
solved_on_the_spot: boolean, };

/**
 * 隐患.
 */
export type HazardForm = { 
/**
 * Its id; made when empty.
 */
id: string, 
/**
 * What it is.
 */
words: string, 
/**
 * Where it is.
 */
place: string, };

/**
 * An answer.
 */
export type AnswerForm = { 
/**
 * To which question.
 */
question: string, 
/**
 * As text by the question's kind; `None`: 未问.
 */
value: string | null, };

/**
 * A field and what it shall hold.
 */
export type FieldForm = { 
/**
 * Its key in the household's document; `m/new-1/name` for somebody who joins with this visit.
 */
key: string, 
/**
 * As text, as [`super::FieldView::value`].
 */
value: string, };

/**
 * What was saved: 已存本机,中心未收.
 */
export type SavedVisit = { 
/**
 * Payload hash of the record, for an undo or a correction.
 */
record: string, 
/**
 * Whether fields were changed beside it.
 */
fields_changed: boolean, 
/**
 * The next due door of the same stair, walking on.
 */
next: NextDoor | null, 
/**
 * How far the quarter is now.
 */
done: number, 
/**
 * Of how many.
 */
due: number, };

/**
 * The next door.
 */
export type NextDoor = { 
/**
 * Whom.
 */
unit: string, 
/**
 * Where.
 */
place: Place | null, };

/**
 * 回执 – one record of this phone.
 */
export type ReceiptLine = { 
/**
 * Payload hash.
 */
record: string, 
/**
 * `visit`, `found`, `withdrawal`, `request`, `revisit`, `account`, `appeal`, `line-reply`, `line-appeal`, `fields`,
 * `other`.
 */
kind: string, 
/**
 * About whom.
 */
unit: string | null, 
/**
 * Where that is.
 */
place: Place | null, 
/**
 * When it was recorded.
 */
recorded_at: string, 
/**
 * Code of the outcome, for a visit.
 */
outcome: string | null, 
/**
 * The day of the visit.
 */
visited_on: string | null, 
/**
 * What became of it.
 */
state: ReceiptState, 
/**
 * Whether it waits to be sent.
 */
to_send: boolean, 
/**
 * The reason and the way out, Chinese first, for what was not simply received.
 */
words: string | null, 
/**
 * Whether it can be taken back.
 */
can_withdraw: boolean, 
/**
 * 退回草稿 – the refused visit, to be filled in again.
 */
draft: VisitForm | null, };

/**
 * What became of a record.
 */
export type ReceiptState = "unsent" | "accepted" | "parked" | "quarantined";

/**
 * One line of the log of exchanges; no personal data.
 */
export type ExchangeLine = { 
/**
 * Hub time of the answer.
 */
at: string, 
/**
 * Records the hub took.
 */
accepted: number, 
/**
 * Put aside by it.
 */
put_aside: number, 
/**
 * Entries it brought.
 */
brought: number, };

/**
 * One look at names, numbers and categories.
 */
export type LookLine = { 
/**
 * When.
 */
at: string, 
/**
 * At whom.
 */
unit: string, 
/**
 * Where that is.
 */
place: Place | null, };

/**
 * 我的 – everything this phone holds about the worker, and the rules he works under.
 */
export type Mine = { 
/**
 * As whom this phone records.
 */
who: Who | null, 
/**
 * Households on this phone.
 */
households: number, 
/**
 * Own records on this phone.
 */
records: number, 
/**
 * Visits in progress.
 */
drafts: number, 
/**
 * 查看记录 – whose names were opened on this phone, the latest first.
 */
looks: Array<LookLine>, 
/**
 * 走访规定 in force, each with its quoted words.
 */
rules: Array<RuleLine>, 
/**
 * 请更新 – what was adopted was written by a newer version: no rule is shown rather than a wrong one.
 */
rules_unread: boolean, 
/**
 * The categories the organ confirmed, each with its basis.
 */
categories: Array<RuleLine>, 
/**
 * The community's office, for questions; empty where none is listed.
 */
office_phone: string, };

/**
 * One rule.
 */
export type RuleLine = { 
/**
 * What it sets.
 */
field: string, 
/**
 * To what.
 */
value: string, 
/**
 * The words it rests on.
 */
quotes: Array<string>, 
/**
 * Title of the text the words are quoted from; empty where there is none.
 */
source: string, 
/**
 * On whose word it stands.
 */
standing: string, };

/**
 * 消息.
 */
export type Messages = { 
/**
 * 复访 – the earliest day first.
 */
revisits: Array<RevisitView>, 
/**
 * 核查 – the latest first, those that have ended below.
 */
findings: Array<FindingView>, 
/**
 * 奖惩事项 – the latest first, those that have ended below.
 */
lines: Array<LineView>, 
/**
 * How many of them wait for an answer.
 */
waiting: number, };

/**
 * 复访 – one door to ask at again, without a word of what is on record there.
 */
export type RevisitView = { 
/**
 * Which.
 */
key: string, 
/**
 * Where, in the words of the desk.
 */
place: string, 
/**
 * The last day for it.
 */
due: string, 
/**
 * 逾期 – not answered though that day has passed.
 */
overdue: boolean, 
/**
 * What was answered from this phone.
 */
answer: RevisitForm | null, };

/**
 * 复访结果 – what came of asking again.
 */
export type RevisitForm = { 
/**
 * Which.
 */
key: string, 
/**
 * On which day it was asked; today when empty.
 */
on: string, 
/**
 * By telephone.
 */
by_phone: boolean, 
/**
 * Whether somebody had come.
 */
told: RevisitTold | null, 
/**
 * About when, where somebody had.
 */
came_on: string | null, 
/**
 * 常住人数; empty where it was not told.
 */
people: string, 
/**
 * A remark.
 */
remark: string, };

/**
 * What a resident told about whether anybody came.
 */
export type RevisitTold = "came" | "nobody-came" | "unsure" | "not-met" | "refused";

/**
 * 核查 – a question about a record of this worker, and what came of it.
 */
export type FindingView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Payload hash of the record.
 */
record: string, 
/**
 * The day the record states.
 */
visited_on: string, 
/**
 * Where it was, while this phone holds the household.
 */
place: Place | null, 
/**
 * Code of its outcome, while this phone holds the record.
 */
outcome: string | null, 
/**
 * Where it stands.
 */
stage: FindingStage, 
/**
 * What is asked.
 */
question: string, 
/**
 * The last day for the account; it is taken later, too, as long as nobody has found.
 */
reply_by: string, 
/**
 * 说明 – what can be said now; nothing once it was said, or a person has found.
 */
accounts: Array<AccountChoice>, 
/**
 * What the worker said happened.
 */
account: AccountSaid | null, 
/**
 * His words with it.
 */
account_words: string, 
/**
 * 代录 – somebody of the office wrote them down for him.
 */
account_noted: boolean, 
/**
 * 结论 – what was found.
 */
ruling: FindingRuling | null, 
/**
 * Why.
 */
reason: string, 
/**
 * The last day to appeal, where there is something to appeal against.
 */
appeal_by: string | null, 
/**
 * He may appeal now.
 */
may_appeal: boolean, 
/**
 * Why he appeals.
 */
appeal_words: string, 
/**
 * 代录 – somebody of the office wrote it down for him.
 */
appeal_noted: boolean, 
/**
 * 复核 – whether what was found was reversed; `None` before somebody has heard it.
 */
reversed: boolean | null, 
/**
 * Why.
 */
heard_words: string, 
/**
 * Nothing more can come of it.
 */
ended: boolean, };

/**
 * Where a finding stands.
 */
export type FindingStage = "asked" | "accounted" | "decided" | "appealed" | "heard";

/**
 * 结论 – what a person found.
 */
export type FindingRuling = "cleared" | "missed" | "inaccurate" | "falsified";

/**
 * What can be said of a record in doubt.
 */
export type AccountChoice = { 
/**
 * What happened.
 */
account: AccountSaid, 
/**
 * It means nothing without words.
 */
needs_words: boolean, };

/**
 * 说明 – what the worker says happened.
 */
export type AccountSaid = "as-recorded" | "met-another" | "by-phone" | "typed-later" | "mixed" | "no-visit" | "other";

/**
 * 奖惩事项 – what a person proposes by a rule, and what came of it. Nothing is deducted and nothing paid by a program.
 */
export type LineView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What is proposed.
 */
kind: LineKind, 
/**
 * 条文号: `D1b-25`.
 */
rule: string, 
/**
 * Clause and exact words of the rule, as adopted.
 */
quote: string, 
/**
 * A share of the year-end bonus 年终奖, 1 to 100 percent; `None` where the rule states no amount 未定.
 */
bonus_percent: number | null, 
/**
 * 依据 – the finding it rests on, by its id; else `completion` is there.
 */
finding: string | null, 
/**
 * 依据 – what was completed in a closed period, where it rests on no finding.
 */
completion: CompletionView | null, 
/**
 * 文号 – the decisions that lifted the legal holds on the rule.
 */
released: Array<string>, 
/**
 * Where it stands.
 */
standing: LineStanding, 
/**
 * Why it is proposed.
 */
reason: string, 
/**
 * The last day for the worker's answer; it is taken later, too, as long as nobody has decided.
 */
reply_by: string, 
/**
 * What he answered.
 */
reply: string, 
/**
 * 代录 – somebody of the office wrote it down for him.
 */
reply_noted: boolean, 
/**
 * Why it was confirmed.
 */
decided_words: string, 
/**
 * Why it was dropped; empty where whoever heard the appeal dropped it.
 */
withdrawn_words: string, 
/**
 * The last day to appeal, once it was confirmed and where there is something to appeal against.
 */
appeal_by: string | null, 
/**
 * Why he appeals.
 */
appeal_words: string, 
/**
 * 代录 – somebody of the office wrote it down for him.
 */
appeal_noted: boolean, 
/**
 * 复核 – whether whoever heard the appeal dropped it; `None` before somebody has.
 */
reversed: boolean | null, 
/**
 * What whoever heard the appeal says.
 */
heard_words: string, 
/**
 * His answer is asked for.
 */
may_reply: boolean, 
/**
 * He may appeal now.
 */
may_appeal: boolean, 
/**
 * Nothing more can come of it: dropped, or it holds.
 */
ended: boolean, };

/**
 * What a line proposes.
 */
export type LineKind = "reward" | "deduction" | "review";

/**
 * Where a line stands.
 */
export type LineStanding = "draft" | "answered" | "confirmed" | "appealed" | "upheld" | "withdrawn";

/**
 * 完成情况 – this worker's households, requests and corrections of one closed period; compared with nobody.
 */
export type CompletionView = { 
/**
 * `2026Q3` or `2026-09`.
 */
period: string, 
/**
 * 应访.
 */
due: number, 
/**
 * 已访.
 */
done: number, 
/**
 * 核减.
 */
deducted: number, 
/**
 * 未访.
 */
outstanding: number, 
/**
 * 诉求 handled by him.
 */
requests: number, 
/**
 * 更正 – records he corrected himself.
 */
corrections: number, };

/**
 * Nothing to say with a question.
 */
export type Nothing = Record<symbol, never>;

/**
 * Which day and grid; today and all when empty.
 */
export type TodayAsk = { 
/**
 * The day.
 */
day: string | null, 
/**
 * The grid's id.
 */
grid: string | null, };

/**
 * Which building.
 */
export type BuildingAsk = { 
/**
 * 小区.
 */
estate: string, 
/**
 * 楼栋.
 */
building: string, };

/**
 * Which unit.
 */
export type UnitAsk = { 
/**
 * `household/<id>` or `vacant/<id>`.
 */
unit: string, };

/**
 * Words to look for.
 */
export type FindAsk = { 
/**
 * Of an address, a name, a telephone number.
 */
words: string, };

/**
 * Which record, and why it is taken back.
 */
export type WithdrawAsk = { 
/**
 * Payload hash.
 */
record: string, 
/**
 * In the worker's words; may be empty.
 */
reason: string, };

/**
 * Which record.
 */
export type RecordAsk = { 
/**
 * Payload hash.
 */
record: string, };

/**
 * Which value of a field in conflict stays.
 */
export type SettleAsk = { 
/**
 * Whose.
 */
unit: string, 
/**
 * The field's key.
 */
key: string, 
/**
 * Its number among [`crate::view::Conflict::values`], from 0.
 */
chosen: number, };

/**
 * 答复诉求 – what is said of a request.
 */
export type AnswerAsk = { 
/**
 * Whose.
 */
unit: string, 
/**
 * Its id.
 */
request: string, 
/**
 * What is said.
 */
answer: RequestSaid, 
/**
 * What was done, or whose it is.
 */
words: string, };

/**
 * 说明 – what happened, of a record in doubt.
 */
export type AccountAsk = { 
/**
 * Of which finding.
 */
finding: string, 
/**
 * What happened.
 */
account: AccountSaid | null, 
/**
 * In the worker's words.
 */
words: string, };

/**
 * 申诉.
 */
export type AppealAsk = { 
/**
 * Against which finding.
 */
finding: string, 
/**
 * Why.
 */
words: string, };

/**
 * 奖惩事项 – what is said of a line.
 */
export type LineAsk = { 
/**
 * Of which line.
 */
line: string, 
/**
 * In the worker's words.
 */
words: string, };

/**
 * 建议重点户.
 */
export type SuggestAsk = { 
/**
 * Which household.
 */
unit: string, 
/**
 * Key, or no longer.
 */
key: boolean, 
/**
 * Why.
 */
reason: string, };

/**
 * 练习 – begins it anew, or ends it.
 */
export type PracticeAsk = { 
/**
 * Begin.
 */
on: boolean, };

/**
 * What was saved.
 */
export type Saved = { 
/**
 * Payload hashes of the records.
 */
records: Array<string>, 
/**
 * The unit it is about.
 */
unit: string, };

/** Every question: what goes with it, and what comes back. */
export interface Asks {
  state: { with: Nothing; answer: State };
  today: { with: TodayAsk; answer: Today };
  buildings: { with: Nothing; answer: Array<BuildingLine> };
  building: { with: BuildingAsk; answer: Building };
  find: { with: FindAsk; answer: Array<UnitLine> };
  household: { with: UnitAsk; answer: Household };
  open: { with: UnitAsk; answer: Household };
  close: { with: Nothing; answer: Nothing };
  draft: { with: UnitAsk; answer: VisitForm };
  keep_draft: { with: VisitForm; answer: Nothing };
  drop_draft: { with: UnitAsk; answer: Nothing };
  check: { with: VisitForm; answer: Nothing };
  forms: { with: Nothing; answer: Forms };
  save: { with: VisitForm; answer: SavedVisit };
  correct: { with: RecordAsk; answer: VisitForm };
  withdraw: { with: WithdrawAsk; answer: Saved };
  new_household: { with: FoundHousehold; answer: Saved };
  mark_use: { with: FoundUse; answer: Saved };
  suggest_key: { with: SuggestAsk; answer: Saved };
  settle: { with: SettleAsk; answer: Household };
  answer_request: { with: AnswerAsk; answer: Household };
  messages: { with: Nothing; answer: Messages };
  answer_revisit: { with: RevisitForm; answer: Messages };
  account: { with: AccountAsk; answer: Messages };
  appeal: { with: AppealAsk; answer: Messages };
  reply_line: { with: LineAsk; answer: Messages };
  appeal_line: { with: LineAsk; answer: Messages };
  receipts: { with: Nothing; answer: Array<ReceiptLine> };
  exchanges: { with: Nothing; answer: Array<ExchangeLine> };
  mine: { with: Nothing; answer: Mine };
  own_days: { with: Nothing; answer: OwnDays };
  own_day: { with: OwnDay; answer: OwnDays };
  practice: { with: PracticeAsk; answer: State };
}

/** 走访规定 – every setting of the visit rules: the screens have words for each. */
export type VisitSetting =
  | 'visits.attempts_before_excused'
  | 'visits.checked_by_community'
  | 'visits.counted_outcomes'
  | 'visits.faults'
  | 'visits.key'
  | 'visits.key_household'
  | 'visits.key_visit_counts_for_quarter'
  | 'visits.min_days_left'
  | 'visits.ordinary'
  | 'visits.patch'
  | 'visits.period'
  | 'visits.phone_counts'
  | 'visits.show_rate'
  | 'visits.target_rate'
  | 'visits.unit';
