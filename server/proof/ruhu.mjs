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

const u32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

// The keys of a hub that a key known to the reader leads to, itself first. A link is signed by the key before it and by
// the recovery key; where the former key was lost, by the recovery key alone, which then has to be known to the reader.
export const keysFrom = (known, chain, hub, recovery) => {
  const keys = [known];
  let present = hex(chain.first, 'first', 32);
  for (const link of chain.links) {
    const key = hex(link.key, 'key', 32);
    if (present.equals(keys.at(-1))) {
      const lost = link.by_present === undefined;
      const from = Buffer.alloc(8);
      from.writeBigInt64BE(BigInt(link.from_ms));
      const message = Buffer.concat([
        Buffer.from('ruhu-hub-key-1'), hex(hub.replaceAll('-', ''), 'hub', 16), u32(link.nr), present, key, from,
        Buffer.from([lost ? 1 : 0]),
      ]);
      const pinned = recovery ?? (lost ? undefined : hex(chain.recovery, 'recovery', 32));
      if (pinned === undefined)
        throw new DoesNotHold(`第 ${link.nr} 把密钥只有恢复密钥签名,请给出 RECOVERY_KEY`, `key ${link.nr} is signed by the recovery key alone: give RECOVERY_KEY`);
      const holds = isSigned(message, hex(link.by_recovery, 'by_recovery', 64), pinned)
        && (lost || isSigned(message, hex(link.by_present, 'by_present', 64), present));
      if (!holds) throw new DoesNotHold(`第 ${link.nr} 把密钥的签名不符`, `the signatures of hub key ${link.nr} do not hold`);
      keys.push(key);
    }
    present = key;
  }
  return keys;
};
