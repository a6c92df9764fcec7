// 导航 – which screen is shown: `#/unit/household%2F…?record=…`. The back key of the phone works as everywhere.
import { signal } from '@preact/signals';

export interface Route {
  /** `today`, `unit`, `visit` … */
  screen: string;
  /** What follows it. */
  rest: string[];
  query: URLSearchParams;
}

function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [screen = '', ...rest] = path.split('/').map(decodeURIComponent);
  return { screen: screen === '' ? 'today' : screen, rest, query: new URLSearchParams(query) };
}

const scrolled = new Map<string, number>();
let shown = location.hash;
/** Whether another screen was shown before, since the app was opened. */
let came = false;

export const route = signal<Route>(parse(location.hash));

/** The address of a screen. */
export function to(screen: string, rest: string[] = [], query: Record<string, string> = {}): string {
  const path = [screen, ...rest].map(encodeURIComponent).join('/');
  const asked = new URLSearchParams(query).toString();
  return `#/${path}${asked === '' ? '' : `?${asked}`}`;
}

/** Goes to a screen; `replace` forgets the present one, so that the back key does not return to a saved form. */
export function go(address: string, replace = false): void {
  if (replace) {
    history.replaceState(null, '', address);
    arrive();
  } else {
    location.hash = address;
  }
}

/** Back to where the person came from; `otherwise` where the app was opened here. */
export function goBack(otherwise: string): void {
  if (came) history.back();
  else go(otherwise, true);
}

/** Where the list stood when it was left. */
export function scrollKept(): number {
  return scrolled.get(location.hash) ?? 0;
}

/** Every list stands at its top again: another book is shown, or the first list. */
export function forgetScroll(): void {
  scrolled.clear();
  window.scrollTo(0, 0);
}

function arrive(): void {
  scrolled.set(shown, window.scrollY);
  shown = location.hash;
  route.value = parse(location.hash);
  window.scrollTo(0, 0);
}

// Lists put themselves back to where they stood; a form starts at its top.
history.scrollRestoration = 'manual';

window.addEventListener('hashchange', () => {
  came = true;
  arrive();
});
