// 显示 – how this person likes the screens. Kept beside the encrypted file, so it holds nothing about anybody else.
import { effect, signal } from '@preact/signals';

export type Lang = 'zh' | 'en';
export const SIZES = [100, 125, 150, 175, 200] as const;
export type Size = (typeof SIZES)[number];

export interface Prefs {
  lang: Lang;
  size: Size;
  /** 大按钮模式. */
  elder: boolean;
  /** 剩余工作日 is shown. */
  pace: boolean;
  /** What the lead can see was read. */
  rights: boolean;
}

const KEY = 'ruhu.prefs';

function first(): Prefs {
  const lang: Lang = navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh';
  return { lang, size: 100, elder: false, pace: true, rights: false };
}

function read(): Prefs {
  const fresh = first();
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return fresh;
    const old = kept as Partial<Record<keyof Prefs, unknown>>;
    return {
      lang: old.lang === 'en' || old.lang === 'zh' ? old.lang : fresh.lang,
      size: SIZES.find((size) => size === old.size) ?? fresh.size,
      elder: old.elder === true,
      pace: old.pace !== false,
      rights: old.rights === true,
    };
  } catch {
    return fresh;
  }
}

export const prefs = signal<Prefs>(read());

/** Changes some of them. */
export function prefer(some: Partial<Prefs>): void {
  prefs.value = { ...prefs.value, ...some };
}

effect(() => {
  const now = prefs.value;
  const root = document.documentElement;
  root.lang = now.lang === 'zh' ? 'zh-CN' : 'en';
  for (const size of SIZES) root.classList.toggle(`size-${size}`, now.size === size);
  root.classList.toggle('elder', now.elder);
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    // A browser that keeps nothing forgets how its user likes to read; nothing else is lost.
  }
});
