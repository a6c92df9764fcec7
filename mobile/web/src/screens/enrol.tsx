import { useEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { port, troubleOf } from '../store';
import { prefer } from '../prefs';
import { go, to } from '../route';
import { words } from '../words';
import { Line } from '../ui/form';
import { TroubleBox } from '../ui/page';
import type { Trouble } from '../port/types';
import { Front } from './lock';
import { PracticeOffer } from './practice';

/** A code the app was opened with; taken out of the address, so that it stays in no history. */
export const invited = signal('');
const KEPT = 'ruhu.invited';

export function takeInvitation(): void {
  if (location.hash.startsWith('#enrol=')) {
    // Choosing a passcode may be interrupted by a reload: the code is good for as long as this tab is.
    sessionStorage.setItem(KEPT, location.href);
    go(to('today'), true);
  }
  invited.value = sessionStorage.getItem(KEPT) ?? '';
}

function forgetInvitation(): void {
  sessionStorage.removeItem(KEPT);
  invited.value = '';
}

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface Detectors {
  BarcodeDetector?: new (options: { formats: string[] }) => Detector;
}

function detector(): Detector | null {
  const Found = (globalThis as Detectors).BarcodeDetector;
  return Found === undefined || navigator.mediaDevices === undefined ? null : new Found({ formats: ['qr_code'] });
}

/** 扫码 – where the browser reads codes itself; hidden elsewhere. */
function Scanner(props: { found: (text: string) => void; stop: () => void }) {
  const w = words.value;
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const reader = detector();
    let stream: MediaStream | null = null;
    let live = true;
    const look = async () => {
      const shown = video.current;
      if (!live || reader === null || shown === null) return;
      const codes = await reader.detect(shown).catch(() => []);
      const text = codes[0]?.rawValue;
      if (text !== undefined) props.found(text);
      else if (live) requestAnimationFrame(() => void look());
    };
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: 'environment' } })
      .then(async (got) => {
        stream = got;
        if (video.current === null) return;
        video.current.srcObject = got;
        await video.current.play();
        await look();
      })
      .catch(() => props.stop());
    return () => {
      live = false;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  return (
    <div class="scanner">
      <video ref={video} muted playsInline />
      <p>{w.enrol.scan_hint}</p>
      <button type="button" class="button button-wide" onClick={props.stop}>
        {w.enrol.scan_stop}
      </button>
    </div>
  );
}

/** 登记. */
export function EnrolScreen() {
  const w = words.value;
  const [code, setCode] = useState(invited.value);
  const [url, setUrl] = useState(location.origin);
  const [scanning, scan] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const whole = code.includes('#enrol=');
  const enrol = (text: string) => {
    if (busy || text.trim() === '') return;
    setBusy(true);
    setTrouble(null);
    port()
      .enrol(text.trim(), text.includes('#enrol=') ? null : url.trim())
      .then(
        () => {
          forgetInvitation();
          go(to('today'), true);
          prefer({ rights: false });
          // The list comes by itself; a failure shows in the strip and is tried again.
          port().sync().catch(() => undefined);
        },
        (why: unknown) => setTrouble(troubleOf(why)),
      )
      .finally(() => setBusy(false));
  };
  return (
    <Front title={w.enrol.title}>
      <p>{w.enrol.text}</p>
      {detector() !== null && !scanning && (
        <button type="button" class="button button-wide" onClick={() => scan(true)}>
          {w.enrol.scan}
        </button>
      )}
      {scanning && (
        <Scanner
          found={(text) => {
            scan(false);
            setCode(text);
            enrol(text);
          }}
          stop={() => scan(false)}
        />
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          enrol(code);
        }}
      >
        <Line label={w.enrol.code} value={code} put={setCode} hint={whole ? w.enrol.found : ''} />
        {!whole && <Line label={w.enrol.url} type="url" value={url} put={setUrl} hint={w.enrol.url_hint} />}
        <TroubleBox trouble={trouble} />
        <button type="submit" class="button button-strong button-wide" disabled={busy}>
          {busy ? w.enrol.working : w.enrol.submit}
        </button>
      </form>
    </Front>
  );
}

/** What the lead can and cannot see; shown once after enrolling, and from 我的 ever after. */
export function Rights() {
  const w = words.value;
  return (
    <>
      <section class="card">
        <h2>{w.rights.lead_sees}</h2>
        <ul class="marked marked-sees">
          {w.rights.sees.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      </section>
      <section class="card">
        <h2>{w.rights.not_title}</h2>
        <ul class="marked marked-not">
          {w.rights.not.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      </section>
      <section class="card">
        <h2>{w.rights.kept_title}</h2>
        <dl class="fields kept">
          {w.rights.kept.map((line) => (
            <div>
              <dt>{line.what}</dt>
              <dd>{line.who}</dd>
            </div>
          ))}
        </dl>
      </section>
      <p>{w.rights.person}</p>
    </>
  );
}

export function RightsScreen() {
  const w = words.value;
  return (
    <Front title={w.rights.title}>
      <Rights />
      <PracticeOffer skip={w.rights.go} />
    </Front>
  );
}
