import { useEffect, useState } from 'preact/hooks';
import { port, tell, troubleOf, useAsk } from '../store';
import { go, route, to } from '../route';
import { words } from '../words';
import { Keys, Line, Pick, problemsAt, Words } from '../ui/form';
import { placeText, Sheet } from '../ui/marks';
import { Page, TroubleBox } from '../ui/page';
import { LessonHint } from './practice';
import { useFound } from './search';
import type { FoundHousehold, FoundMember, Place, Trouble, UnitLine } from '../port/types';

const NOBODY: FoundMember = { name: '', birth: '', relation: '' };
const NOWHERE: Place = { label: '', estate: '', building: '', stair: '', floor: null, door: '' };

/** 新户, 分户 – visitable as soon as it is saved. */
export function NewHouseholdScreen() {
  const w = words.value;
  const query = route.value.query;
  const split = query.get('split') ?? '';
  const dwelling = query.get('dwelling') ?? '';
  const today = useAsk('today', { day: null, grid: null }, true);
  const from = useUnit(split === '' ? (dwelling === '' ? '' : `vacant/${dwelling}`) : split);
  const grids = today.data?.grids ?? [];
  const [form, setForm] = useState<FoundHousehold>({
    dwelling: dwelling === '' ? null : dwelling,
    place: dwelling === '' ? NOWHERE : null,
    grid: null,
    moved_in_on: null,
    split_from: split === '' ? null : split,
    members: [NOBODY],
    phone: '',
    tenure: '',
    reason: '',
  });
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const put = (some: Partial<FoundHousehold>) => setForm((old) => ({ ...old, ...some }));
  const at = (field: string) => problemsAt(trouble?.problems ?? [], field);
  const save = () => {
    if (busy) return;
    setBusy(true);
    const asked = { ...form, grid: form.grid ?? (form.place === null ? null : (grids[0]?.id ?? null)) };
    port()
      .ask('new_household', { ...asked, members: form.members.filter((one) => one.name.trim() !== '') })
      .then(
        (saved) => {
          const record = saved.records[0];
          tell({ words: w.found.saved, ...(record === undefined ? {} : { undo: { record, fields: false } }) });
          go(to('unit', [saved.unit]), true);
        },
        (why: unknown) => {
          setTrouble(troubleOf(why));
          setBusy(false);
        },
      );
  };
  return (
    <Page
      title={split === '' ? w.found.title : w.found.split_title}
      back={split !== '' ? to('unit', [split]) : to('today')}
      bar={
        <div class="bar">
          <button type="submit" form="found" class="button button-strong button-wide" disabled={busy}>
            {busy ? w.saving : w.save}
          </button>
        </div>
      }
    >
      <form
        id="found"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <LessonHint dwelling={dwelling} />
        <TroubleBox trouble={trouble} />
        <Where form={form} put={put} known={from} split={split !== ''} dwelling={dwelling} grids={grids.map((one) => ({ id: one.id, text: one.name }))} wrong={at('place')} />
        <Line label={w.found.moved_in_on} hint={w.optional} type="date" max={today.data?.day} value={form.moved_in_on ?? ''} put={(on) => put({ moved_in_on: on === '' ? null : on })} wrong={at('moved_in_on')} />
        <Members form={form} put={put} wrong={trouble} />
        <Line label={w.found.phone} hint={w.optional} type="tel" value={form.phone} put={(phone) => put({ phone })} wrong={at('p/phone')} />
        <Pick label={w.found.tenure} hint={w.optional} value={form.tenure} options={Object.entries(w.tenure).map(([id, text]) => ({ id, text }))} put={(tenure) => put({ tenure })} wrong={at('p/tenure')} />
        <Words label={w.found.reason} value={form.reason} put={(reason) => put({ reason })} wrong={at('reason')} />
      </form>
    </Page>
  );
}

/** A unit's place, where one was named. */
function useUnit(unit: string): Place | null {
  const [place, setPlace] = useState<Place | null>(null);
  useEffect(() => {
    if (unit === '') return;
    port()
      .ask('household', { unit })
      .then(
        (sheet) => setPlace(sheet.place),
        () => setPlace(null),
      );
  }, [unit]);
  return place;
}

function Where(props: {
  form: FoundHousehold;
  put: (some: Partial<FoundHousehold>) => void;
  known: Place | null;
  split: boolean;
  dwelling: string;
  grids: { id: string; text: string }[];
  wrong: string;
}) {
  const w = words.value;
  const { form, put, known } = props;
  const place = form.place ?? NOWHERE;
  const set = (some: Partial<Place>) => put({ place: { ...place, ...some } });
  return (
    <>
      {props.split && known !== null && <p class="tell">{w.found.split_from(known.label)}</p>}
      {props.dwelling !== '' && (
        <Keys
          label={w.found.where}
          value={form.place === null ? 'known' : 'new'}
          options={[
            { id: 'known', text: known?.label ?? w.found.known },
            { id: 'new', text: w.found.new_door },
          ]}
          put={(which) => put(which === 'known' ? { place: null, dwelling: props.dwelling } : { place: { ...(known ?? NOWHERE), label: '', door: '' }, dwelling: null })}
          wide
        />
      )}
      {form.place !== null && (
        <fieldset class="card">
          <legend>{w.found.new_door}</legend>
          <Line label={w.found.estate} value={place.estate} put={(estate) => set({ estate })} />
          <Line label={w.found.building} value={place.building} put={(building) => set({ building })} />
          <Line label={w.found.stair} hint={w.optional} value={place.stair} put={(stair) => set({ stair })} />
          <Line label={w.found.floor} hint={w.optional} type="number" value={place.floor === null ? '' : String(place.floor)} put={(floor) => set({ floor: floor === '' ? null : Number.parseInt(floor, 10) })} />
          <Line label={w.found.door} value={place.door} put={(door) => set({ door })} wrong={props.wrong} />
          {1 < props.grids.length && <Pick label={w.found.grid} value={form.grid ?? ''} options={props.grids} put={(grid) => put({ grid: grid === '' ? null : grid })} />}
        </fieldset>
      )}
    </>
  );
}

function Members(props: { form: FoundHousehold; put: (some: Partial<FoundHousehold>) => void; wrong: Trouble | null }) {
  const w = words.value;
  const { members } = props.form;
  const set = (nth: number, some: Partial<FoundMember>) => props.put({ members: members.map((one, at) => (at === nth ? { ...one, ...some } : one)) });
  const problems = (props.wrong?.problems ?? []).filter((one) => one.field.startsWith('m/'));
  return (
    <section>
      <h2>{w.found.members}</h2>
      <p class="hint">{w.found.first_head}</p>
      {members.map((one, nth) => (
        <fieldset class="card" key={nth}>
          <legend>{w.found.member(nth + 1)}</legend>
          <Line label={w.found.name} value={one.name} length={200} put={(name) => set(nth, { name })} />
          <Line label={w.found.birth} hint={w.optional} value={one.birth} put={(birth) => set(nth, { birth })} wrong={problems.some((problem) => problem.field.endsWith('/birth')) ? problemsAt(problems, problems[0]?.field ?? '') : ''} />
          <Line label={w.found.relation} hint={w.optional} value={one.relation} put={(relation) => set(nth, { relation })} />
          {1 < members.length && (
            <button type="button" class="button" onClick={() => props.put({ members: members.filter((_, at) => at !== nth) })}>
              {w.remove}
            </button>
          )}
        </fieldset>
      ))}
      <button type="button" class="button button-wide" onClick={() => props.put({ members: [...members, NOBODY] })}>
        + {w.found.add_member}
      </button>
    </section>
  );
}

/** 用途变更 – a door is used otherwise than the roster says. */
export function UseScreen(props: { dwelling: string }) {
  const w = words.value;
  const place = useUnit(`vacant/${props.dwelling}`);
  const [used_as, setUse] = useState('');
  const [annex_of, setAnnex] = useState<UnitLine | null>(null);
  const [reason, setReason] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const at = (field: string) => problemsAt(trouble?.problems ?? [], field);
  const save = () => {
    port()
      .ask('mark_use', { dwelling: props.dwelling, used_as, annex_of: used_as === 'annex' ? (annex_of?.unit ?? null) : null, reason })
      .then(
        (saved) => {
          const record = saved.records[0];
          tell({ words: w.unit.sent, ...(record === undefined ? {} : { undo: { record, fields: false } }) });
          history.back();
        },
        (why: unknown) => setTrouble(troubleOf(why)),
      );
  };
  return (
    <Page
      title={w.found.use_title}
      back={to('plan')}
      bar={
        <div class="bar">
          <button type="button" class="button button-strong button-wide" onClick={save}>
            {w.save}
          </button>
        </div>
      }
    >
      <TroubleBox trouble={trouble} />
      {place !== null && <p class="tell">{place.label}</p>}
      <Keys label={w.found.used_as} value={used_as} options={Object.entries(w.plan.used).map(([id, text]) => ({ id, text }))} put={setUse} wrong={at('used_as')} />
      {used_as === 'annex' && <FindUnit label={w.found.annex_of} chosen={annex_of} choose={setAnnex} />}
      <Words label={w.unit.reason} value={reason} put={setReason} wrong={at('reason')} />
    </Page>
  );
}

function FindUnit(props: { label: string; chosen: UnitLine | null; choose: (line: UnitLine | null) => void }) {
  const w = words.value;
  const [asked, ask] = useState('');
  const { lines, trouble } = useFound(asked);
  const found = (lines ?? []).filter((line) => line.unit.startsWith('household/')).slice(0, 20);
  return (
    <>
      <Line label={w.found.find} type="search" value={asked} put={ask} />
      <TroubleBox trouble={trouble} />
      <Pick
        label={props.label}
        value={props.chosen?.unit ?? ''}
        options={found.map((one) => ({ id: one.unit, text: `${placeText(one.place)} ${one.names.join(' ')}` }))}
        put={(unit) => props.choose(found.find((one) => one.unit === unit) ?? null)}
      />
    </>
  );
}

/** 建议重点户 – the lead decides. */
export function SuggestKey(props: { unit: string; to: boolean; onClose: () => void }) {
  const w = words.value;
  const [reason, setReason] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const send = () => {
    port()
      .ask('suggest_key', { unit: props.unit, key: props.to, reason })
      .then(
        (saved) => {
          const record = saved.records[0];
          tell({ words: w.unit.sent, ...(record === undefined ? {} : { undo: { record, fields: false } }) });
          props.onClose();
        },
        (why: unknown) => setTrouble(troubleOf(why)),
      );
  };
  return (
    <Sheet title={props.to ? w.unit.suggest : w.unit.unsuggest} onClose={props.onClose}>
      <TroubleBox trouble={trouble} />
      <Words label={w.unit.reason} value={reason} put={setReason} wrong={problemsAt(trouble?.problems ?? [], 'reason')} />
      <div class="actions">
        <button type="button" class="button button-strong" onClick={send}>
          {w.save}
        </button>
        <button type="button" class="button" onClick={props.onClose}>
          {w.cancel}
        </button>
      </div>
    </Sheet>
  );
}

