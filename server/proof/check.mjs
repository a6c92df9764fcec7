// Checks a bundle that `ruhu prove` wrote, without any code of Ruhu: node check.mjs BUNDLE.json HUB_KEY [RECOVERY_KEY]
//
// What holds then: the key of this enrolment signed this entry, byte for byte, and the hub of HUB_KEY states when it
// received it, whose key that is, and what became of it. HUB_KEY is asked of the hub's operator, never taken from the
// bundle alone. The format stands in README.md beside this file.

import { readFileSync } from 'node:fs';
import { DoesNotHold, hex, isSigned, keysFrom, payloadHash, readEnvelope } from './ruhu.mjs';

const check = (bundle, hubKey, recovery) => {
  if (bundle.format !== 'ruhu-proof-1') throw new DoesNotHold('不是 ruhu prove 写出的文件', 'not a file written by `ruhu prove`');

  // 1. The statement is the hub's: signed with the key given, or with one it leads to.
  const hub = /^hub=(.*)$/m.exec(bundle.statement)?.[1] ?? '';
  const keys = bundle.hub_keys === undefined ? [hubKey] : keysFrom(hubKey, bundle.hub_keys, hub, recovery);
  const statement = Buffer.from(bundle.statement, 'utf8');
  const signature = hex(bundle.statement_signature, 'statement_signature', 64);
  if (!keys.some((one) => isSigned(statement, signature, one)))
    throw new DoesNotHold('说明不是此中心签的', 'this hub did not sign the statement');
  const [title, ...lines] = bundle.statement.split('\n');
  if (title !== 'ruhu-proof-1') throw new DoesNotHold('说明的版本未知', 'the statement is of an unknown version');
  const stated = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));

  // 2. The envelope is the one stated, and its author signed it.
  const envelope = readEnvelope(bundle.envelope);
  if (envelope.hash.toString('hex') !== stated.entry) throw new DoesNotHold('信封不是说明所指的', 'the envelope is not the one stated');
  if (!isSigned(envelope.bytes, hex(bundle.signature, 'signature', 64), hex(stated.key, 'key', 32)))
    throw new DoesNotHold('条目不是此手机签的', 'this phone did not sign the entry');
  if (envelope.hub !== stated.hub) throw new DoesNotHold('条目属于另一中心', 'the entry is of another hub');
  if (envelope.enrolment !== stated.enrolment) throw new DoesNotHold('条目属于另一登记', 'the entry is of another enrolment');

  // 3. What is shown is what was signed.
  if (!payloadHash(envelope.kind, bundle).equals(envelope.payload))
    throw new DoesNotHold('内容不是签名的内容', 'the content is not what was signed');
  return { envelope, stated };
};

const [path, key, recovery] = process.argv.slice(2);
if (!path || !key) {
  console.error('用法 / usage: node check.mjs BUNDLE.json HUB_KEY [RECOVERY_KEY]');
  process.exit(2);
}
try {
  const bundle = JSON.parse(readFileSync(path, 'utf8'));
  const { envelope, stated } = check(bundle, hex(key, 'HUB_KEY', 32), recovery && hex(recovery, 'RECOVERY_KEY', 32));
  const kinds = { 1: '记录 record', 2: '修改 edit', 3: '中心决定 act of the desk' };
  console.log(`成立 / holds: ${kinds[envelope.kind] ?? '?'}`);
  for (const [name, value] of Object.entries(stated)) console.log(`  ${name}: ${value}`);
  console.log(`  sequence: ${envelope.epoch}/${envelope.sequence}`);
  console.log(`  payload: ${envelope.payload.toString('hex')}`);
  console.log(bundle.body === undefined ? '  正文未附 / without its body' : '  正文已附并相符 / its body is here and is the one signed');
} catch (why) {
  console.error(why instanceof DoesNotHold ? why.message : `无法读取 / cannot be read: ${why.message}`);
  process.exit(1);
}
