// A community lead's Monday in Chromium, at the size of a desk and of a phone, in both languages; without script, because the
// pages have none. axe-core looks at every page; nothing may be wider than its window.
//
//   node tests/browser/desk.mjs            needs `ruhu`, `ruhu-sim` and mobile/web's node_modules
//   node tests/browser/desk.mjs pictures   keeps a picture of every page in target/pictures/desk
import { accounts, machine } from './desk/accounts.mjs';
import { seen, wrong } from './desk/bench.mjs';
import { monday, others } from './desk/monday.mjs';
import { rules } from './desk/rules.mjs';
import { questions } from './desk/questions.mjs';
import { record } from './desk/record.mjs';
import { rights } from './desk/rights.mjs';

await monday('desk', { width: 1440, height: 900 }, 'zh');
await monday('phone', { width: 390, height: 844 }, 'en');
await questions('asking', { width: 1440, height: 900 }, 'zh');
await questions('asking-phone', { width: 390, height: 844 }, 'en');
await record('record', { width: 1440, height: 900 }, 'zh');
await record('record-phone', { width: 390, height: 844 }, 'en');
await rights('rights', { width: 1440, height: 900 }, 'zh');
await rights('rights-phone', { width: 390, height: 844 }, 'en');
await others();
await rules('street', { width: 1440, height: 900 }, 'zh');
await rules('street-phone', { width: 390, height: 844 }, 'en');
await accounts('security', { width: 1440, height: 900 }, 'zh');
await accounts('security-phone', { width: 390, height: 844 }, 'en');
await machine();
const all = [...new Set(wrong)];
for (const one of all) console.error(one);
console.log(`${seen.looked} pages looked at, ${all.length} wrong`);
process.exit(0 < all.length ? 1 : 0);
