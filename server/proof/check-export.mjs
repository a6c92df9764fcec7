// Checks a file that `ruhu export --all` wrote, without any code of Ruhu: node check-export.mjs FILE.ndjson HUB_KEY
//
// What holds then: the file is whole and the hub's; every entry was signed by the phone it names; no entry of a chain is
// missing between two others; every checkpoint is the hub's and says what the log was. HUB_KEY is asked of the operator.

import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { DoesNotHold, hex, isSigned, keysFrom, payloadHash, readEnvelope, sha256 } from './ruhu.mjs';

const i64 = (value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};
const id = (text) => (text === null ? Buffer.alloc(16) : hex(text.replaceAll('-', ''), 'id', 16));

class Export {
  constructor(hubKey) {
    Object.assign(this, { hubKey, phones: new Map(), chains: new Map(), checkpoints: [], entries: 0 });
    Object.assign(this, { log: Buffer.alloc(32), list: Buffer.alloc(32), lists: [[0, Buffer.alloc(32)]], position: 0 });
    this.logs = new Map([[0, this.log]]);
  }

  hub(line) {
    if (line.format !== 'ruhu-export-1') throw new DoesNotHold('版本未知', 'unknown version');
    if (line.key !== this.hubKey.toString('hex')) throw new DoesNotHold('属于另一中心', 'of another hub');
    this.hubId = line.hub;
    // What was signed before a change of key: the present key signs the whole file, and with it this list.
    this.keys = [this.hubKey];
    if (line.keys !== undefined) {
      const recovery = line.keys.recovery === undefined ? undefined : hex(line.keys.recovery, 'recovery', 32);
      this.keys = keysFrom(hex(line.keys.first, 'first', 32), line.keys, line.hub, recovery);
      if (!this.keys.at(-1).equals(this.hubKey)) throw new DoesNotHold('密钥表不通向此密钥', 'the list of keys does not lead to this key');
    }
  }

  phone(line) {
    const key = hex(line.key, 'key', 32);
    this.phones.set(line.nr, { id: line.id, key });
    this.list = sha256(this.list, i64(line.nr), id(line.id), id(line.worker), id(line.community), key, i64(line.made_ms));
    this.lists.push([line.nr, this.list]);
  }

  entry(line) {
    const at = `第 ${line.position} 条`;
    if (line.position <= this.position) throw new DoesNotHold(`${at}次序不符`, `entry ${line.position} is out of order`);
    const phone = this.phones.get(line.phone);
    const envelope = readEnvelope(line.envelope);
    const signature = hex(line.signature, 'signature', 64);
    if (!phone || phone.id !== envelope.enrolment || envelope.hub !== this.hubId || !isSigned(envelope.bytes, signature, phone.key))
      throw new DoesNotHold(`${at}不是所称手机签的`, `entry ${line.position} was not signed by the phone it names`);
    if (!payloadHash(envelope.kind, line).equals(envelope.payload))
      throw new DoesNotHold(`${at}内容不是签名的内容`, `the content of entry ${line.position} is not what was signed`);
    const chain = `${envelope.enrolment}/${envelope.epoch}`;
    const [sequence, previous] = this.chains.get(chain) ?? [1n, Buffer.alloc(32)];
    if (envelope.sequence !== sequence || !envelope.previous.equals(previous))
      throw new DoesNotHold(`${at}与前一条不相连`, `entry ${line.position} does not follow its chain`);
    this.chains.set(chain, [sequence + 1n, envelope.hash]);
    this.log = sha256(this.log, i64(line.position), i64(line.phone), envelope.hash, signature, i64(line.received_ms));
    this.position = line.position;
    this.logs.set(line.position, this.log);
    this.entries += 1;
  }

  checkpoint(line) {
    const before = this.checkpoints.at(-1);
    const nr = (before?.nr ?? 0) + 1;
    const [log, phones, previous] = ['log', 'phones', 'previous'].map((name) => hex(line[name], name, 32));
    const hash = sha256(
      Buffer.from('ruhu-checkpoint-1'), id(line.hub), i64(line.nr), i64(line.position), i64(line.enrolment), i64(line.made_ms),
      log, phones, previous,
    );
    const list = this.lists.filter(([at]) => at <= line.enrolment).at(-1)[1];
    const holds = line.nr === nr && line.hub === this.hubId && previous.equals(before?.hash ?? Buffer.alloc(32))
      && this.logs.get(line.position)?.equals(log) && list.equals(phones)
      && this.keys.some((key) => isSigned(hash, hex(line.signature, 'signature', 64), key));
    if (!holds) throw new DoesNotHold(`检查点 ${line.nr} 与日志不符`, `checkpoint ${line.nr} contradicts the log`);
    this.checkpoints.push({ nr, hash });
  }

  end(line, digest) {
    const counts = [line.phones, line.entries, line.checkpoints];
    const here = [this.phones.size, this.entries, this.checkpoints.length];
    const holds = counts.join() === here.join() && line.hash === digest.toString('hex')
      && isSigned(digest, hex(line.signature, 'signature', 64), this.hubKey);
    if (!holds) throw new DoesNotHold('文件不完整或被改动', 'the file is not whole, or was changed');
    this.ended = true;
  }
}

const [path, key] = process.argv.slice(2);
if (!path || !key) {
  console.error('用法 / usage: node check-export.mjs FILE.ndjson HUB_KEY');
  process.exit(2);
}
try {
  const whole = createHash('sha256');
  const read = new Export(hex(key, 'HUB_KEY', 32));
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const line = JSON.parse(text);
    if (read.ended) throw new DoesNotHold('结尾之后还有内容', 'there is more behind the end');
    if (line.is === 'end') {
      read.end(line, whole.copy().digest());
    } else if (['hub', 'phone', 'entry', 'checkpoint'].includes(line.is)) {
      read[line.is](line);
    } else {
      throw new DoesNotHold('有未知的行', 'a line of an unknown kind');
    }
    whole.update(`${text}\n`);
  }
  if (!read.ended) throw new DoesNotHold('文件不完整', 'the file is not whole');
  console.log(`成立 / holds: ${read.phones.size} 部手机 phones, ${read.entries} 条 entries, ${read.checkpoints.length} 个检查点 checkpoints`);
} catch (why) {
  console.error(why instanceof DoesNotHold ? why.message : `无法读取 / cannot be read: ${why.message}`);
  process.exit(1);
}
