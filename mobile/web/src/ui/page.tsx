import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { notice, port, state, sync, tell, troubleOf } from '../store';
import { route, to } from '../route';
import { bytes, instant, said, words } from '../words';
import type { Trouble } from '../port/types';
import { HelpMark } from '../screens/help';
import { PracticeBand } from '../screens/practice';

/** One screen: a heading, how the phone stands, what was just saved, and the contents. */
export function Page(props: { title: string; back?: string; onBack?: () => void; end?: ComponentChildren; bar?: ComponentChildren; children: ComponentChildren }) {
  const w = words.value;
  const heading = useRef<HTMLHeadingElement>(null);
  const head = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${props.title} · ${w.app}`;
  }, [props.title, w.app]);
  // Headings of a list stop below the head of the page, which grows with the text.
  useEffect(() => {
    const watched = head.current;
    if (watched === null) return undefined;
    const measure = new ResizeObserver(() => {
      const stays = getComputedStyle(watched).position === 'sticky';
      document.documentElement.style.setProperty('--head', stays ? `${watched.offsetHeight - 1}px` : '0px');
    });
    measure.observe(watched);
    return () => measure.disconnect();
  }, []);
  // A screen reader is told where it is now.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [route.value]);
  return (
    <>
      <header class="head" ref={head}>
        <div class="head-row">
          {props.back !== undefined && (
            <a
              class="icon-button"
              href={props.back}
              aria-label={w.back}
              onClick={(event) => {
                if (props.onBack === undefined) return;
                event.preventDefault();
                props.onBack();
              }}
            >
              <span aria-hidden="true">←</span>
            </a>
          )}
          <h1 tabIndex={-1} ref={heading}>
            {props.title}
          </h1>
          {props.end}
          <HelpMark />
        </div>
        {state.value?.practice == null ? <Strip /> : <PracticeBand />}
      </header>
      <main class={props.bar === undefined ? 'page' : 'page with-bar'}>
        <Saved />
        {props.children}
      </main>
      {props.bar}
    </>
  );
}

/** 状态 – always there, never in the way: what waits, and when the hub was last reached. */
function Strip() {
  const w = words.value;
  const now = state.value;
  if (now === null || now.who === null) return null;
  const run = sync.value;
  const line: string[] = [];
  if (0 < now.outbox.quarantined) line.push(w.strip.refused(now.outbox.quarantined));
  if (0 < now.outbox.unsent) line.push(w.strip.unsent(now.outbox.unsent));
  if (run?.state === 'running') {
    const all = run.total_bytes;
    line.push(all === null ? w.strip.running : w.strip.loading(bytes(run.loaded_bytes ?? 0), bytes(all)));
  } else if (run?.state === 'enrol-again') line.push(w.strip.enrol_again);
  else if (run?.state === 'update-app') line.push(w.strip.update);
  else if (run?.state === 'waiting') line.push(w.strip.waiting);
  else if (line.length === 0) line.push(now.last_contact === null ? w.strip.never : w.strip.all);
  if (run?.state !== 'running' && now.last_contact !== null) line.push(w.strip.contact(instant(now.last_contact)));
  return (
    <>
      <p class={0 < now.outbox.quarantined ? 'strip strip-warn' : 'strip'}>{line.join(' · ')}</p>
      {now.lease?.locked === true && <p class="strip strip-warn">{w.strip.locked}</p>}
      {now.lease?.locked !== true && now.lease?.days_left != null && (
        <p class="strip strip-warn">{w.strip.lease(now.lease.days_left)}</p>
      )}
      {0 < now.unreadable && <p class="strip strip-warn">{w.strip.unreadable(now.unreadable)}</p>}
    </>
  );
}

/** 已存本机,中心未收 – stays until it is closed or something else was saved, because nobody reads at a set pace. */
function Saved() {
  const w = words.value;
  const now = notice.value;
  if (now === null) return <div role="status" />;
  const undo = () => {
    const what = now.undo;
    if (what === undefined) return;
    port()
      .ask('withdraw', { record: what.record, reason: '' })
      .then(
        () => {
          tell({ words: what.fields ? w.visit.undone_fields : w.visit.undone });
        },
        (why: unknown) => {
          tell({ words: said(troubleOf(why).words) });
        },
      );
  };
  return (
    <div class="notice" role="status">
      <p>
        <strong>{now.words}</strong>
        {now.more !== undefined && <span class="notice-more">{now.more}</span>}
      </p>
      {now.undo !== undefined && (
        <button type="button" class="button" onClick={undo}>
          {w.visit.undo}
        </button>
      )}
      <button type="button" class="icon-button" aria-label={w.close} onClick={() => (notice.value = null)}>
        <span aria-hidden="true">×</span>
      </button>
    </div>
  );
}

/** What did not work, and what the person can do; `children` are ways out. */
export function TroubleBox(props: { trouble: Trouble | null; title?: string; again?: () => void; children?: ComponentChildren }) {
  const w = words.value;
  if (props.trouble === null) return null;
  return (
    <div class="trouble" role="alert">
      <strong>{props.title ?? w.trouble.title}</strong>
      <p>{said(props.trouble.words)}</p>
      <p>{w.trouble[props.trouble.remedy]}</p>
      {props.again !== undefined && (
        <button type="button" class="button" onClick={props.again}>
          {w.retry}
        </button>
      )}
      {props.children}
    </div>
  );
}

/** 立即同步 – from a page that is not to be left. */
export function SyncNow() {
  const w = words.value;
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  if (state.value?.practice != null) return null;
  const running = sync.value?.state === 'running';
  const start = () => {
    setTrouble(null);
    port()
      .sync()
      .catch((why: unknown) => setTrouble(troubleOf(why)));
  };
  return (
    <>
      <button type="button" class="button" disabled={running} onClick={start}>
        {running ? w.sync.running : w.sync.now}
      </button>
      {trouble !== null && <p>{said(trouble.words)}</p>}
    </>
  );
}

/** Something is being read; or it could not be. */
export function Waiting(props: { trouble: Trouble | null; again: () => void }) {
  if (props.trouble !== null) return <TroubleBox trouble={props.trouble} again={props.again} />;
  return <p class="quiet">{words.value.loading}</p>;
}

const TABS = ['today', 'plan', 'sync', 'mine'] as const;
/** In practice there is nothing to sync, and what is held about the worker is not held there. */
const PRACTICE_TABS: readonly (typeof TABS)[number][] = ['today', 'plan'];

/** The four places of the app, within reach of a thumb. */
export function Tabs() {
  const w = words.value;
  const at = route.value.screen;
  const tabs = state.value?.practice == null ? TABS : PRACTICE_TABS;
  return (
    <nav class="tabs" aria-label={w.nav.label}>
      {tabs.map((tab) => (
        <a href={to(tab)} aria-current={at === tab ? 'page' : undefined}>
          <span class="tab-mark" aria-hidden="true">
            {{ today: '☰', plan: '▦', sync: '⇅', mine: '○' }[tab]}
          </span>
          {w.nav[tab]}
        </a>
      ))}
    </nav>
  );
}
