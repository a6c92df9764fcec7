import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { host, port, troubleOf } from '../store';
import { prefer, prefs } from '../prefs';
import { instant, said, words } from '../words';
import { Line } from '../ui/form';
import { Sure } from '../ui/marks';
import { TroubleBox } from '../ui/page';
import type { Trouble } from '../port/types';
import { BlankSheet } from './sheet';

const SHORTEST = 6;

/** A screen before the file is open. */
export function Front(props: { title: string; children: ComponentChildren }) {
  const other = prefs.value.lang === 'zh' ? 'en' : 'zh';
  return (
    <>
      <header class="front-head">
        <span class="brand">
          入户 <span lang="en">Ruhu</span>
        </span>
        <button type="button" class="button" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => prefer({ lang: other })}>
          {other === 'zh' ? '中文' : 'English'}
        </button>
      </header>
      <main class="page front">
        <h1>{props.title}</h1>
        {props.children}
      </main>
    </>
  );
}

/** 设置密码. */
export function CreateScreen() {
  const w = words.value;
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const short = [...first].length < SHORTEST;
  const create = () => {
    setTried(true);
    if (short || first !== second || busy) return;
    setBusy(true);
    port()
      .create(first)
      .catch((why: unknown) => setTrouble(troubleOf(why)))
      .finally(() => setBusy(false));
  };
  return (
    <Front title={w.lock.new_title}>
      <p>{w.lock.new_text}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
      >
        <Line label={w.lock.passcode} type="password" auto="new-password" value={first} put={setFirst} hint={w.lock.weak} wrong={tried && short ? w.lock.short : ''} />
        <Line label={w.lock.again} type="password" auto="new-password" value={second} put={setSecond} wrong={tried && first !== second ? w.lock.differs : ''} />
        <TroubleBox trouble={trouble} />
        <button type="submit" class="button button-strong button-wide" disabled={busy}>
          {busy ? w.lock.working : w.lock.create}
        </button>
      </form>
    </Front>
  );
}

/** 已锁定. */
export function LockScreen() {
  const w = words.value;
  const [passcode, setPasscode] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const [asking, ask] = useState(false);
  const wait = host.value?.wait_until ?? null;
  const unlock = () => {
    if (busy || passcode === '') return;
    setBusy(true);
    port()
      .unlock(passcode)
      .catch((why: unknown) => {
        setTrouble(troubleOf(why));
        setPasscode('');
      })
      .finally(() => setBusy(false));
  };
  return (
    <Front title={w.lock.locked_title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          unlock();
        }}
      >
        <Line
          label={w.lock.enter}
          type="password"
          auto="current-password"
          value={passcode}
          put={setPasscode}
          wrong={trouble !== null && trouble.remedy === 'fix-form' ? said(trouble.words) : ''}
        />
        {wait !== null && Date.now() < Date.parse(wait) && <p class="problem">{w.lock.wait(instant(wait))}</p>}
        {trouble !== null && trouble.remedy !== 'fix-form' && <TroubleBox trouble={trouble} />}
        <button type="submit" class="button button-strong button-wide" disabled={busy}>
          {busy ? w.lock.working : w.lock.unlock}
        </button>
      </form>
      <button type="button" class="button button-wide" onClick={() => ask(true)}>
        {w.lock.forgot}
      </button>
      {asking && (
        <Sure
          title={w.lock.forgot}
          text={w.lock.forgot_text}
          yes={w.lock.anew}
          onYes={() => {
            ask(false);
            port()
              .begin_anew()
              .catch((why: unknown) => setTrouble(troubleOf(why)));
          }}
          onClose={() => ask(false)}
        />
      )}
    </Front>
  );
}

/** Another tab has it open; no file can be kept; what was here is erased. */
export function ShutScreen(props: { standing: 'other-tab' | 'no-storage' | 'erased' }) {
  const w = words.value;
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  if (props.standing === 'other-tab') {
    return (
      <Front title={w.app}>
        <p>{w.lock.other_tab}</p>
        <button type="button" class="button button-strong button-wide" onClick={() => location.reload()}>
          {w.retry}
        </button>
      </Front>
    );
  }
  if (props.standing === 'no-storage') {
    const why = host.value?.why ?? null;
    return (
      <Front title={w.app}>
        <p>{w.lock.no_storage}</p>
        {why !== null && <p class="hint">{said(why)}</p>}
        <BlankSheet />
      </Front>
    );
  }
  return (
    <Front title={w.app}>
      <p>{w.lock.erased}</p>
      <p>{w.lock.erased_how}</p>
      <TroubleBox trouble={trouble} />
      <button
        type="button"
        class="button button-strong button-wide"
        onClick={() => {
          port()
            .begin_anew()
            .catch((why: unknown) => setTrouble(troubleOf(why)));
        }}
      >
        {w.lock.start}
      </button>
    </Front>
  );
}
