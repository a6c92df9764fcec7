import { useState } from 'preact/hooks';
import { port, troubleOf, useAsk } from '../../store';
import { prefer } from '../../prefs';
import { words } from '../../words';
import { Sheet } from '../../ui/marks';
import { TroubleBox, Waiting } from '../../ui/page';
import type { OwnDay, Today, Trouble } from '../../port/types';

/** 还剩几个工作日 – for the worker alone: a tap opens the days off, another one hides the line. */
export function Pace(props: { today: Today }) {
  const w = words.value;
  const [open, show] = useState(false);
  const { working_days_left, per_working_day } = props.today;
  return (
    <div class="pace">
      <button type="button" class="button pace-days" aria-haspopup="dialog" onClick={() => show(true)}>
        {w.today.pace(working_days_left, per_working_day)}
      </button>
      <button type="button" class="icon-button" aria-label={w.today.hide} title={w.today.hide} onClick={() => prefer({ pace: false })}>
        <span aria-hidden="true">×</span>
      </button>
      {open && <DaysOff onClose={() => show(false)} />}
    </div>
  );
}

/** 休息日 – ticked on the working days that are left. */
function DaysOff(props: { onClose: () => void }) {
  const w = words.value;
  const asked = useAsk('own_days', {});
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const turn = (day: OwnDay) => {
    port()
      .ask('own_day', { on: day.on, off: !day.off })
      .then(asked.put, (why: unknown) => setTrouble(troubleOf(why)));
  };
  return (
    <Sheet title={w.today.days_off} onClose={props.onClose}>
      <p>{w.today.days_off_text}</p>
      <TroubleBox trouble={trouble} />
      {asked.data === null ? (
        <Waiting trouble={asked.trouble} again={asked.again} />
      ) : (
        months(asked.data.days).map(({ month, days }) => (
          <fieldset class="own-days" key={month}>
            <legend>{w.today.month_name(Number(month.slice(5)))}</legend>
            {days.map((one) => (
              <button type="button" class="filter" key={one.on} aria-pressed={one.off} onClick={() => turn(one)}>
                {Number(one.on.slice(8))} {w.today.weekday[new Date(`${one.on}T00:00:00Z`).getUTCDay()]}
                {one.off && <span class="off"> {w.today.off}</span>}
              </button>
            ))}
          </fieldset>
        ))
      )}
    </Sheet>
  );
}

function months(days: OwnDay[]): { month: string; days: OwnDay[] }[] {
  const all: { month: string; days: OwnDay[] }[] = [];
  for (const day of days) {
    const month = day.on.slice(0, 7);
    const last = all.at(-1);
    if (last !== undefined && last.month === month) last.days.push(day);
    else all.push({ month, days: [day] });
  }
  return all;
}
