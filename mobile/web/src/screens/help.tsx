import { useState } from 'preact/hooks';
import { prefs } from '../prefs';
import { goBack, route, to } from '../route';
import { state } from '../store';
import { words } from '../words';
import { Sheet } from '../ui/marks';
import { Page } from '../ui/page';
import { helpEn } from '../words/help/en';
import { type Article, type HelpCode, helpZh } from '../words/help/zh';

/** The article of a screen, by the name of the screen. */
const OF_SCREEN: { readonly [screen: string]: HelpCode } = {
  today: 'today', unit: 'unit', visit: 'visit', plan: 'plan', new: 'new', use: 'use', sync: 'sync', mine: 'mine', sheet: 'sheet',
  messages: 'messages', revisit: 'revisit', finding: 'finding', line: 'line',
};

/** How many articles are about screens; the words come after them. */
const SCREENS: readonly HelpCode[] = ['today', 'unit', 'visit', 'plan', 'new', 'use', 'sync', 'mine', 'sheet', 'messages', 'revisit', 'finding', 'line', 'lock', 'practice'];

/** 帮助 – a short article a screen and a word, searched in both languages, all of it in the app. */
export function HelpScreen() {
  const w = words.value;
  const asked = route.value.rest[0] ?? '';
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const own = prefs.value.lang === 'zh' ? helpZh : helpEn;
  const other = prefs.value.lang === 'zh' ? helpEn : helpZh;
  const fits = (code: HelpCode) => wanted === '' || [own[code], other[code]].some((one) => holds(one, wanted));
  // A host without a table of readings finds nobody by first letters: nothing is promised.
  const held = (code: HelpCode) => code !== 'initials' || state.value?.initials === true;
  const codes = (Object.keys(helpZh) as HelpCode[]).filter((code) => held(code) && fits(code));
  const list = (title: string, some: HelpCode[]) =>
    0 < some.length && (
      <section class="card">
        <h2>{title}</h2>
        {some.map((code) => (
          <details key={`${code} ${wanted}`} open={code === asked || wanted !== ''} id={`help-${code}`}>
            <summary>{own[code].title}</summary>
            {own[code].text.map((line) => (
              <p>{line}</p>
            ))}
          </details>
        ))}
      </section>
    );
  const first = codes.filter((code) => code === asked && wanted === '');
  return (
    <Page title={w.help.title} back={to('mine')} onBack={() => goBack(to('mine'))}>
      <input class="search" type="search" aria-label={w.help.search} placeholder={w.help.search} value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      {list(w.help.here, first)}
      {list(w.help.screens, codes.filter((code) => SCREENS.includes(code) && !first.includes(code)))}
      {list(w.help.words, codes.filter((code) => !SCREENS.includes(code) && !first.includes(code)))}
      {codes.length === 0 && <p class="quiet">{w.help.nothing}</p>}
    </Page>
  );
}

function holds(article: Article, wanted: string): boolean {
  return [article.title, ...article.text].some((line) => line.toLowerCase().includes(wanted));
}

/** ? – the article of this screen, over it: what was typed or opened there stays. */
export function HelpMark() {
  const w = words.value;
  const [open, show] = useState(false);
  const code = OF_SCREEN[route.value.screen];
  if (code === undefined) return null;
  const article = (prefs.value.lang === 'zh' ? helpZh : helpEn)[code];
  return (
    <>
      <button type="button" class="icon-button help-mark" aria-label={w.help.of_screen} aria-haspopup="dialog" onClick={() => show(true)}>
        <span aria-hidden="true">?</span>
      </button>
      {open && (
        <Sheet title={article.title} onClose={() => show(false)}>
          {article.text.map((line) => (
            <p>{line}</p>
          ))}
        </Sheet>
      )}
    </>
  );
}
