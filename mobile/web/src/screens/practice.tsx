// 练习 – six invented doors on the same screens. While it goes on the core answers from it alone; ended, it is forgotten.
import { useState } from 'preact/hooks';
import { forgetLists, look, port, state, troubleOf } from '../store';
import { prefer } from '../prefs';
import { forgetScroll, go, to } from '../route';
import { words } from '../words';
import { TroubleBox } from '../ui/page';
import type { LessonLine, Trouble } from '../port/types';
import { forgetChoice } from './today';

/** The practice that is going on, if one is. */
const lessons = (): LessonLine[] | null => state.value?.practice?.lessons ?? null;

/** Begins it anew, or ends it and forgets it. */
export async function practise(on: boolean): Promise<void> {
  const now = await port()
    .ask('practice', { on })
    .catch(async (why: unknown) => {
      // Whichever book answers now is the one that is shown.
      await look();
      throw why;
    });
  forgetLists();
  forgetChoice();
  state.value = now;
  go(to('today'), true);
  forgetScroll();
}

/** 练习楼道 – offered after enrolling and from 我的; `skip` is what the other button says and does. */
export function PracticeOffer(props: { skip?: string }) {
  const w = words.value;
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const begin = () => {
    practise(true).then(
      () => prefer({ rights: true }),
      (why: unknown) => setTrouble(troubleOf(why)),
    );
  };
  return (
    <section class="card">
      <h2>{w.practice.title}</h2>
      <p>{w.practice.offer}</p>
      <TroubleBox trouble={trouble} />
      <button type="button" class={`button button-wide practice-begin${props.skip === undefined ? '' : ' button-strong'}`} onClick={begin}>
        {w.practice.begin}
      </button>
      {props.skip !== undefined && (
        <button
          type="button"
          class="button button-wide skip"
          onClick={() => {
            prefer({ rights: true });
            forgetScroll();
          }}
        >
          {props.skip}
        </button>
      )}
    </section>
  );
}

/** 练习 – on every screen of it, in both languages, whatever the chosen one. */
export function PracticeBand() {
  const w = words.value;
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  return (
    <div class="practice-band">
      <p>
        <strong>
          练习 <span lang="en">practice</span>
        </strong>{' '}
        – {w.practice.band}
      </p>
      <button type="button" class="button" onClick={() => practise(false).catch((why: unknown) => setTrouble(troubleOf(why)))}>
        {w.practice.end}
      </button>
      <TroubleBox trouble={trouble} />
    </div>
  );
}

/** The six doors, each with what it is for, ticked where something was recorded. */
export function Lessons() {
  const w = words.value;
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const all = lessons();
  if (all === null) return null;
  const turn = (on: boolean) => {
    setTrouble(null);
    practise(on).catch((why: unknown) => setTrouble(troubleOf(why)));
  };
  const left = all.filter((one) => !one.tried).length;
  return (
    <section class="card lessons">
      <h2>{left === 0 ? w.practice.all_done : w.practice.doors(all.length - left, all.length)}</h2>
      <p>{left === 0 ? w.practice.done_text : w.practice.intro}</p>
      <ol>
        {all.map((one) => (
          <li key={one.code} class={one.tried ? 'lesson-tried' : undefined}>
            <span aria-hidden="true">{one.tried ? '✓' : '○'}</span> {lesson(one).title}
            {one.tried && <span class="heard">{w.practice.tried}</span>}
          </li>
        ))}
      </ol>
      <TroubleBox trouble={trouble} />
      {left === 0 && (
        <p class="actions">
          <button type="button" class="button button-strong" onClick={() => turn(false)}>
            {w.practice.end_long}
          </button>
          <button type="button" class="button" onClick={() => turn(true)}>
            {w.practice.again}
          </button>
        </p>
      )}
    </section>
  );
}

/** What to try at this door. */
export function LessonHint(props: { dwelling: string | null }) {
  const here = lessons()?.find((one) => one.dwelling === props.dwelling);
  if (here === undefined) return null;
  const { title, text } = lesson(here);
  return (
    <p class="tell lesson">
      <strong>{title}</strong> {text}
    </p>
  );
}

function lesson(of: LessonLine): { title: string; text: string } {
  const list = words.value.practice.lesson;
  return of.code in list ? list[of.code as keyof typeof list] : { title: of.code, text: '' };
}
