// What both checkers share: hexadecimal, SHA-256, Ed25519, and the two formats inside an entry.

import { createHash, createPublicKey, verify } from 'node:crypto';

export class DoesNotHold extends Error {
  constructor(zh, en) {
    super(`不成立:${zh} / does not hold: ${en}`);
  }
}

export const hex = (text, name, bytes) => {
  if (typeof text !== 'string' || !/^([0-9a-f]{2})*$/.test(text))
    throw new DoesNotHold(`${name} 不是十六进制`, `${name} is not hexadecimal`);
  const read = Buffer.from(text, 'hex');
  if (bytes !== undefined && read.length !== bytes)
    throw new DoesNotHold(`${name} 应为 ${bytes} 字节`, `${name} has to have ${bytes} bytes`);
  return read;
};

export const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

const keys = new Map();
const keyOf = (bytes) => {
  const name = bytes.toString('hex');
  if (!keys.has(name)) {
    // SubjectPublicKeyInfo of Ed25519 (RFC 8410) around the 32 bytes.
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes]);
    keys.set(name, createPublicKey({ key: spki, format: 'der', type: 'spki' }));
  }
  return keys.get(name);
};
export const isSigned = (message, signature, key) => verify(null, message, keyOf(key), signature);

const uuid = (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

// The 210 bytes an author signs.
export const readEnvelope = (text) => {
  const bytes = hex(text, 'envelope', 210);
  return {
    bytes,
    hash: sha256(bytes),
    kind: bytes[1],
    hub: uuid(bytes.subarray(2, 18)),
    enrolment: uuid(bytes.subarray(52, 68)),
    epoch: bytes.readUInt32BE(68),
    sequence: bytes.readBigUInt64BE(72),
    previous: bytes.subarray(80, 112),
    payload: bytes.subarray(112, 144),
  };
};

// What the envelope says of its content, computed from the content.
export const payloadHash = (kind, shown) => {
  const body = shown.body === undefined
    ? hex(shown.body_hash, 'body_hash', 32)
    : sha256(hex(shown.salt, 'salt', 16), hex(shown.body, 'body'));
  const skeleton = hex(shown.skeleton, 'skeleton');
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(skeleton.length));
  return sha256(Buffer.from('ruhu-payload-1'), Buffer.from([kind, shown.version]), length, skeleton, body);
};
