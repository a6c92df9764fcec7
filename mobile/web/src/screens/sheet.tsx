import { useState } from 'preact/hooks';
import { state, useAsk } from '../store';
import { to } from '../route';
import { coded, day, words } from '../words';
import { Pick } from '../ui/form';
import { buildingText } from '../ui/marks';
import { Page, Waiting } from '../ui/page';
import type { DueDoor } from '../port/types';

/** Lines of a sheet without a list. */
const BLANK = 20;

/** 走访单 – a day on paper: A4, names masked, filled in by hand and entered afterwards. */
export function SheetScreen() {
  const w = words.value;
  const asked = useAsk('today', { day: null, grid: null }, true);
  const [building, setBuilding] = useState('');
  const doors = asked.data?.doors ?? [];
  const name = (door: DueDoor) => (door.place === null ? '' : buildingText(door.place.estate, door.place.building));
  const buildings = [...new Set(doors.map(name))].filter((one) => one !== '');
  const shown = building === '' ? doors : doors.filter((door) => name(door) === building);
  return (
    <Page title={w.sheet.title} back={to('today')}>
      {asked.data === null ? (
        <Waiting trouble={asked.trouble} again={asked.again} />
      ) : (
        <>
          <div class="no-print">
            <p>{w.sheet.intro}</p>
            <Pick label={w.sheet.building} value={building} empty={w.sheet.all} options={buildings.map((one) => ({ id: one, text: one }))} put={setBuilding} />
            <button type="button" class="button button-strong button-wide" onClick={() => window.print()}>
              {w.print}
            </button>
          </div>
          <PaperHead day={asked.data.day} worker={state.value?.who?.worker_name ?? ''} />
          <div class="paper-scroll" tabIndex={0} role="group" aria-label={w.sheet.title}>
            <table class="paper">
              <Head />
              <tbody>
                {shown.map((door) => (
                  <tr key={door.unit}>
                    <th scope="row">{door.place === null ? '' : door.place.label}</th>
                    <td>
                      {door.key && `${w.key_mark} `}
                      {door.names.length === 0 ? w.today.vacant : door.names.join(' ')}
                    </td>
                    <td>
                      {door.reasons.map((one) => coded(w.reason, one.code)).join(' ')}
                      {door.appointment !== null && ` ${day(door.appointment.on, asked.data?.day ?? '')} ${door.appointment.at ?? ''}`}
                    </td>
                    <td />
                    <td />
                    <td />
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Codes />
        </>
      )}
    </Page>
  );
}

/** Where nothing can be kept, paper still can. */
export function BlankSheet() {
  const w = words.value;
  return (
    <>
      <button type="button" class="button button-strong button-wide no-print" onClick={() => window.print()}>
        {w.sheet.blank} · {w.print}
      </button>
      <div class="only-print">
        <PaperHead day="" worker="" />
        <table class="paper">
          <Head />
          <tbody>
            {Array.from({ length: BLANK }, (_, nth) => (
              <tr key={nth}>
                <th scope="row">&nbsp;</th>
                <td />
                <td />
                <td />
                <td />
                <td />
              </tr>
            ))}
          </tbody>
        </table>
        <Codes />
      </div>
    </>
  );
}

function PaperHead(props: { day: string; worker: string }) {
  const w = words.value;
  return (
    <p class="paper-head">
      {w.sheet.title} · {w.sheet.page(props.day === '' ? '________' : props.day)} · {w.sheet.worker} {props.worker === '' ? '________' : props.worker}
    </p>
  );
}

function Head() {
  const w = words.value.sheet;
  return (
    <thead>
      <tr>
        {[w.door, w.who, w.why, w.time, w.result, w.notes].map((name) => (
          <th scope="col">{name}</th>
        ))}
      </tr>
    </thead>
  );
}

function Codes() {
  const w = words.value;
  return (
    <p class="paper-codes">
      {w.sheet.codes}: {Object.values(w.outcome).join(' / ')}
    </p>
  );
}
