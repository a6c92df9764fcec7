// Checks a bundle that `ruhu prove` wrote, without any code of Ruhu: node check.mjs BUNDLE.json HUB_KEY
//
// What holds then: the key of this enrolment signed this entry, byte for byte, and the hub of HUB_KEY states when it
// received it, whose key that is, and what became of it. HUB_KEY is asked of the hub's operator, never taken from the
// bundle alone. The format stands in README.md beside this file.

import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const fail = (zh, en) => {
  console.error(`不成立:${zh} / does not hold: ${en}`);
  process.exit(1);
};
const hex = (text, name, bytes) => {
  if (typeof text !== 'string' || !/^([0-9a-f]{2})*$/.test(text)) fail(`${name} 不是十六进制`, `${name} is not hexadecimal`);
  const read = Buffer.from(text, 'hex');
  if (bytes !== undefined && read.length !== bytes) fail(`${name} 应为 ${bytes} 字节`, `${name} has ${bytes} bytes`);
  return read;
};
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const isSigned = (message, signature, key) => {
  // SubjectPublicKeyInfo of Ed25519 (RFC 8410) around the 32 bytes.
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
  return verify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
};

const [path, hubKeyText] = process.argv.slice(2);
if (!path || !hubKeyText) {
  console.error('用法 / usage: node check.mjs BUNDLE.json HUB_KEY');
  process.exit(2);
}
let bundle;
try {
  bundle = JSON.parse(readFileSync(path, 'utf8'));
} catch {
  fail('不是 ruhu prove 写出的文件', 'not a file written by `ruhu prove`');
}
if (bundle.format !== 'ruhu-proof-1') fail('不是 ruhu prove 写出的文件', 'not a file written by `ruhu prove`');

// 1. The statement is the hub's.
const hubKey = hex(hubKeyText, 'HUB_KEY', 32);
if (!isSigned(Buffer.from(bundle.statement, 'utf8'), hex(bundle.statement_signature, 'statement_signature', 64), hubKey))
  fail('说明不是此中心签的', 'this hub did not sign the statement');
const [title, ...lines] = bundle.statement.split('\n');
if (title !== 'ruhu-proof-1') fail('说明的版本未知', 'the statement is of an unknown version');
const stated = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));

// 2. The envelope is the one stated, and its author signed it.
const envelope = hex(bundle.envelope, 'envelope', 210);
if (sha256(envelope).toString('hex') !== stated.entry) fail('信封不是说明所指的', 'the envelope is not the one stated');
if (!isSigned(envelope, hex(bundle.signature, 'signature', 64), hex(stated.key, 'key', 32)))
  fail('条目不是此手机签的', 'this phone did not sign the entry');
const uuid = (at) => envelope.subarray(at, at + 16).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
if (uuid(2) !== stated.hub) fail('条目属于另一中心', 'the entry is of another hub');
if (uuid(52) !== stated.enrolment) fail('条目属于另一登记', 'the entry is of another enrolment');

// 3. What is shown is what was signed.
const body = bundle.body === undefined
  ? hex(bundle.body_hash, 'body_hash', 32)
  : sha256(hex(bundle.salt, 'salt', 16), hex(bundle.body, 'body'));
const skeleton = hex(bundle.skeleton, 'skeleton');
const length = Buffer.alloc(8);
length.writeBigUInt64BE(BigInt(skeleton.length));
const head = Buffer.from([envelope[1], bundle.version]);
const payload = sha256(Buffer.from('ruhu-payload-1'), head, length, skeleton, body);
if (!payload.equals(envelope.subarray(112, 144))) fail('内容不是签名的内容', 'the content is not what was signed');

const kinds = { 1: '记录 record', 2: '修改 edit', 3: '中心决定 act of the desk' };
console.log(`成立 / holds: ${kinds[envelope[1]] ?? '?'}`);
for (const [name, value] of Object.entries(stated)) console.log(`  ${name}: ${value}`);
console.log(`  sequence: ${envelope.readUInt32BE(68)}/${envelope.readBigUInt64BE(72)}`);
console.log(`  payload: ${payload.toString('hex')}`);
console.log(bundle.body === undefined ? '  正文未附 / without its body' : '  正文已附并相符 / its body is here and is the one signed');
