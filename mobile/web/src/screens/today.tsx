import { Component, type VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { state, useAsk } from '../store';
import { prefs } from '../prefs';
import { scrollKept, to } from '../route';
import { coded, day, words } from '../words';
import { buildingText, Chip, KeyMark, placeText, stairText } from '../ui/marks';
import { Page, TroubleBox, Waiting } from '../ui/page';
import { Pick } from '../ui/form';
import { WaitingLine } from './messages';
import { Lessons } from './practice';
import { useFound } from './search';
import { Pace } from './today/days';
import type { Count, DueDoor, Today, UnitLine } from '../port/types';

const FILTERS = ['all', 'key', 'appointment', 'request', 'overdue'] as const;
type Filter = (typeof FILTERS)[number];

/** How many doors are drawn at once; the rest follows in steps, so that the first ones can be tapped at once. */
const FIRST = 30;
const STEP = 40;

const passes: { [F in Filter]: (door: DueDoor) => boolean } = {
  all: () => true,
  key: (door) => door.key,
  appointment: (door) => door.appointment !== null,
  request: (door) => 0 < door.open_requests,
  overdue: (door) => door.reasons.some((one) => one.code.startsWith('overdue')),
};

/** What was chosen stays while the app is open. */
const chosen: { filter: Filter; grid: string; search: string } = { filter: 'all', grid: '', search: '' };

/** Another book is looked through from now on. */
export function forgetChoice(): void {
  Object.assign(chosen, { filter: 'all', grid: '', search: '' });
}

/** 今日 – who is due, in walking order. */
export function TodayScreen() {
  const w = words.value;
  const [grid, setGrid] = useState(chosen.grid);
  const [filter, setFilter] = useState<Filter>(chosen.filter);
  const [search, setSearch] = useState(chosen.search);
  const asked = useAsk('today', { day: null, grid: grid === '' ? null : grid }, true);
  Object.assign(chosen, { filter, grid, search });
  const today = asked.data;
  const wanted = search.trim().toLowerCase();
  const { lines: found, looking, trouble } = useFound(search);
  const doors = useMemo(() => {
    const units = new Set(found?.map((line) => line.unit));
    // What the list shows is found at once; what stands behind the masks the core finds a moment later.
    const fits = (door: DueDoor) =>
      wanted === '' || units.has(door.unit) || [door.place?.label ?? '', ...door.names].some((text) => text.toLowerCase().includes(wanted));
    return (today?.doors ?? []).filter((door) => passes[filter](door) && fits(door));
  }, [today, filter, wanted, found]);
  return (
    <Page
      title={w.today.title}
      end={
        <a class="button head-button" href={to('new')} aria-label={w.today.new_household}>
          + {w.today.new_short}
        </a>
      }
    >
      {today === null ? (
        <Waiting trouble={asked.trouble} again={asked.again} />
      ) : (
        <>
          <Lessons />
          <Progress today={today} />
          <WaitingLine count={today.waiting} />
          <input
            class="search"
            type="search"
            aria-label={state.value?.initials === true ? w.today.search : w.today.search_signs}
            placeholder={state.value?.initials === true ? w.today.search : w.today.search_signs}
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
          {1 < today.grids.length && (
            <Pick
              label={w.today.grid}
              value={grid}
              empty={w.today.all_grids}
              options={today.grids.map((one) => ({ id: one.id, text: one.name }))}
              put={setGrid}
            />
          )}
          <div class="filters" role="group" aria-label={w.today.filter}>
            {FILTERS.map((one) => (
              <button type="button" class="filter" aria-pressed={filter === one} onClick={() => setFilter(one)}>
                {w.today[one]} {today.doors.filter(passes[one]).length}
              </button>
            ))}
          </div>
          <Doors key={`${filter} ${grid} ${wanted}`} doors={doors} day={today.day} />
          <TroubleBox trouble={trouble} />
          {doors.length === 0 && !(found?.length ?? 0) && trouble === null && <p class="quiet">{looking ? w.today.looking : nothing(today, filter, wanted)}</p>}
          {wanted !== '' && found !== null && <Elsewhere found={found} shown={doors} />}
          {state.value?.practice == null && (
            <p>
              <a class="button button-wide" href={to('sheet')}>
                {w.today.sheet}
              </a>
            </p>
          )}
        </>
      )}
    </Page>
  );
}

function nothing(today: Today, filter: Filter, wanted: string): string {
  const w = words.value.today;
  if (filter !== 'all' || wanted !== '') return w.nothing;
  return today.quarter.due === 0 ? w.nobody : w.done;
}

/** A plain count, never a rate of a person. */
function Progress(props: { today: Today }) {
  const w = words.value;
  const { today } = props;
  const line = (name: string, count: Count) => (
    <p>
      <span class="progress-name">{name}</span> <strong>{w.today.progress(count.done, count.due)}</strong>
    </p>
  );
  return (
    <section class="progress" aria-label={w.today.quarter}>
      {line(w.today.quarter, today.quarter)}
      {0 < today.month.due && line(w.today.month, today.month)}
      {prefs.value.pace && state.value?.practice == null && 0 < today.per_working_day && <Pace today={today} />}
    </section>
  );
}

interface StairGroup {
  key: string;
  building: string;
  stair: string;
  floors: { key: string; floor: number | null; doors: DueDoor[] }[];
}

/** Doors come in walking order: a new heading where the building, the stair or the floor changes. */
function grouped(doors: DueDoor[]): StairGroup[] {
  const groups: StairGroup[] = [];
  for (const door of doors) {
    const place = door.place;
    const building = place === null ? words.value.today.no_place : buildingText(place.estate, place.building);
    const stair = place?.stair ?? '';
    const floor = place?.floor ?? null;
    let group = groups.at(-1);
    if (group === undefined || group.building !== building || group.stair !== stair) {
      group = { key: `${building}/${stair}/${groups.length}`, building, stair, floors: [] };
      groups.push(group);
    }
    const last = group.floors.at(-1);
    if (last !== undefined && last.floor === floor) last.doors.push(door);
    else group.floors.push({ key: `${floor}/${group.floors.length}`, floor, doors: [door] });
  }
  return groups;
}

function Doors(props: { doors: DueDoor[]; day: string }) {
  const w = words.value;
  const back = scrollKept();
  const [drawn, draw] = useState(0 < back ? props.doors.length : FIRST);
  useEffect(() => {
    if (props.doors.length <= drawn) return undefined;
    return whenIdle(() => draw((n) => n + STEP));
  }, [drawn, props.doors.length]);
  useEffect(() => {
    if (0 < back) window.scrollTo(0, back);
  }, []);
  const groups = useMemo(() => grouped(props.doors.slice(0, drawn)), [props.doors, drawn, w]);
  return (
    <div class="due">
      {groups.map((group) => (
        <section class="stair" key={group.key} aria-label={`${group.building} ${stairText(group.stair)}`}>
          <h2>
            {group.building} <span class="stair-name">{stairText(group.stair)}</span>
          </h2>
          {group.floors.map((floor) => (
            <div class="floor" key={floor.key}>
              <h3>{floor.floor === null ? w.today.floor_none : w.today.floor(floor.floor)}</h3>
              <ul>
                {floor.doors.map((door) => (
                  <DoorRow key={door.unit} door={door} day={props.day} lang={prefs.value.lang} />
                ))}
              </ul>
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

/** Soon, but after whatever the person does. */
function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const next = setTimeout(work, 30);
    return () => clearTimeout(next);
  }
  const next = requestIdleCallback(work, { timeout: 300 });
  return () => cancelIdleCallback(next);
}

interface RowProps {
  door: DueDoor;
  day: string;
  lang: string;
}

/** Drawn again only where something of it changed: a save makes a new list of a thousand doors. */
class DoorRow extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const now = this.props;
    if (now.lang !== next.lang || now.day !== next.day) return true;
    return now.door !== next.door && JSON.stringify(now.door) !== JSON.stringify(next.door);
  }

  override render(): VNode {
    return drawn(this.props);
  }
}

function drawn({ door, day: today }: RowProps): VNode {
  const w = words.value;
  const urgent = (code: string) => code === 'appointment' || code === 'request' || code.startsWith('overdue');
  return (
    <li>
      <a class="door" href={to('unit', [door.unit])}>
        <span class="door-nr">{door.place?.door ?? '?'}</span>
        <span class="door-who">
          {door.key && <KeyMark />} {door.names.length === 0 ? w.today.vacant : door.names.join(' ')}
        </span>
        <span class="door-why">
          {door.reasons.map((one) => (
            <Chip tone={urgent(one.code) ? 'warn' : 'plain'}>
              {coded(w.reason, one.code)}
              {one.code === 'appointment' && door.appointment !== null && ` ${day(door.appointment.on, today)} ${door.appointment.at ?? ''}`}
            </Chip>
          ))}
          {door.has_draft && <Chip tone="accent">{w.today.draft}</Chip>}
          {0 < door.conflicts && <Chip tone="warn">{w.today.conflict}</Chip>}
          {0 < door.tried.length && <span class="door-more">{w.today.tried(door.tried.length)}</span>}
          {door.do_not_ask_until !== null ? (
            <span class="door-more">{w.today.no_knock(day(door.do_not_ask_until, today))}</span>
          ) : (
            door.best_time !== null && <span class="door-more">{w.today.best(coded(w.band, door.best_time.band))}</span>
          )}
        </span>
      </a>
    </li>
  );
}

/** What was found beside the due list. */
function Elsewhere(props: { found: UnitLine[]; shown: DueDoor[] }) {
  const w = words.value;
  const due = new Set(props.shown.map((door) => door.unit));
  const others = props.found.filter((line) => !due.has(line.unit)).slice(0, 100);
  if (others.length === 0) return null;
  return (
    <section class="due">
      <h2>{w.today.found_else}</h2>
      <UnitList lines={others} />
    </section>
  );
}

/** Units as plain lines that open. */
export function UnitList(props: { lines: UnitLine[] }) {
  const w = words.value;
  return (
    <ul>
      {props.lines.map((line) => (
        <li key={line.unit}>
          <a class="door" href={to('unit', [line.unit])}>
            <span class="door-where">{placeText(line.place)}</span>
            <span class="door-who">{line.names.length === 0 ? w.today.vacant : line.names.join(' ')}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
