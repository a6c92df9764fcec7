// node tests/initials.mjs: the first letters that Chromium's own sorting by pinyin gives, for the hundred commonest surnames,
// for signs of given names and of addresses; and what is known to be read otherwise.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root, scratch, startBrowser, web } from './host/stage.mjs';

/** Each letter with the surnames among the hundred commonest that begin with it. */
const SURNAMES = {
  b: '白', c: '陈程曹蔡崔常', d: '邓董丁杜戴段', f: '冯范方傅', g: '高郭龚顾谷', h: '黄胡何韩侯郝贺洪', j: '金江贾姜蒋', k: '康孔', l: '李刘林罗梁卢廖雷龙黎吕陆赖',
  m: '马孟毛莫', p: '潘彭', q: '钱秦邱乔', r: '任', s: '孙宋苏石史邵施', t: '唐田谭汤陶', w: '王吴魏汪武文温万韦', x: '徐许谢萧薛熊夏向', y: '杨叶于余姚尹易严袁阎', z: '张赵周朱郑钟邹',
};
const SIGNS = { m: '明梅', x: '小新祥霞兴', y: '阳英玉园苑悦', g: '光桂国', q: '区强琴', l: '丽兰里路楼', h: '花华红海', s: '山胜水', z: '志珍庄座', a: '安', o: '欧', e: '娥', k: '开' };
/** Surnames and signs of addresses that are read otherwise than commonly, with that reading's letter. */
const OTHERWISE = {
  曾: 'z', 单: 's', 解: 'x', 查: 'z', 翟: 'z', 区: 'o', 仇: 'q', 乐: 'y', 朴: 'p', 盖: 'g', 尉: 'y', 覃: 'q', 缪: 'm', 召: 's', 种: 'c', 折: 's',
  祭: 'z', 隗: 'k', 郗: 'x', 万: 'm', 俟: 'q', 澹: 't', 沈: 's', 长: 'c', 幢: 'z', 弄: 'l', 堡: 'p', 厦: 'x', 朝: 'z', 重: 'c', 行: 'h', 车: 'c', 石: 's',
};
const further = Object.fromEntries([...readFileSync(join(root, 'mobile/port/src/initials.rs'), 'utf8').matchAll(/\('(.)', "([a-z]+)"\)/g)].map((one) => one.slice(1)));

const made = await build({ entryPoints: [join(web, 'src/port/worker/initial.ts')], bundle: true, format: 'esm', write: false, logLevel: 'error' });
const script = `data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString('base64')}`;
let page;
const read = (signs) =>
  page.evaluate(
    async ([from, all]) => {
      const { reader } = await import(from);
      const of = reader();
      return Object.fromEntries([...all].map((sign) => [sign, of(sign)]));
    },
    [script, signs],
  );

// As on a phone of this country, where pinyin is the order anyway, and elsewhere.
for (const locale of ['zh-CN', 'en-US']) {
  const browser = await startBrowser(scratch('profile'), { locale });
  page = await browser.newPage();
  for (const group of [SURNAMES, SIGNS]) {
    for (const [letter, signs] of Object.entries(group)) {
      for (const [sign, found] of Object.entries(await read(signs))) assert.equal(found, letter, sign);
    }
  }
  console.log(`initials, ${locale}: the hundred commonest surnames, and signs of names and addresses ... ok`);
  const common = await read(Object.keys(OTHERWISE).join(''));
  for (const [sign, letter] of Object.entries(OTHERWISE)) assert.ok(`${common[sign]}${further[sign] ?? ''}`.includes(letter), `${sign}: ${common[sign]}, ${further[sign]}`);
  console.log(`initials, ${locale}: signs of several readings, by the browser or by the port ... ok`);
  assert.deepEqual(await read('a1，-'), { a: null, 1: null, '，': null, '-': null });
  console.log(`initials, ${locale}: letters, digits and points have none ... ok`);
  await browser.close();
}
