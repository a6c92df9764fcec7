// 保险箱 – the file of this browser and its key: making, opening, another passcode, putting aside, erasing.
import { Book, type Disk, cost, derive } from '../../wasm/ruhu_web';
import { type Kept, later, support } from './messages';
import { type KeyRecord, type Shelf, read, write } from './shelf';
import { left_ms, random, tooEarly, unwrap, wait_ms, wrap, wrongPasscode } from './wrap';

/** One browser's files; one of them may be open. */
export class Vault {
  book: Book | null = null;

  private constructor(
    private readonly disk: Disk,
    private shelf: Shelf,
  ) {}

  static async over(disk: Disk): Promise<Vault> {
    return new Vault(disk, await read());
  }

  /** How the file stands. */
  kept(): Kept {
    const { current, erased } = this.shelf;
    const left = current ? left_ms(current, Date.now()) : 0;
    return {
      standing: this.book ? 'open' : current ? 'locked' : erased ? 'erased' : 'new',
      wait_until: 0 < left ? new Date(Date.now() + left).toISOString() : null,
      why: null,
    };
  }

  /** Makes the file, and opens it. */
  async create(passcode: string): Promise<void> {
    if (this.shelf.current) throw support('本机已有数据文件 / there is a file already');
    const key = random(32);
    const record = await wrap(`/ruhu-${hex(random(8))}.db`, key, passcode, costs(), derive);
    await this.disk.make_room();
    // The key first: a file whose key was never kept would be lost, a key without a file makes it.
    await this.put({ ...this.shelf, current: record, erased: false });
    this.open(record, key);
  }

  /** Opens the file, or one that was put aside. */
  async unlock(passcode: string): Promise<void> {
    const { current, aside } = this.shelf;
    if (this.book) {
      (await this.find(passcode, [current])).key.fill(0);
      return;
    }
    const { record, key } = await this.find(passcode, [current, ...[...aside].reverse()]);
    this.open(record, key);
  }

  /** Another passcode for the file in use. */
  async change(old: string, next: string): Promise<void> {
    const { record, key } = await this.find(old, [this.shelf.current]);
    const renewed = await wrap(record.file, key, next, costs(), derive);
    key.fill(0);
    await this.put({ ...this.shelf, current: renewed });
  }

  /** 忘记密码 – puts the file aside and begins anew. */
  async beginAnew(): Promise<void> {
    this.close();
    const { current, aside } = this.shelf;
    await this.put({ current: null, aside: current ? [...aside, current] : aside, erased: false });
  }

  /**
   * 撤销 – removes the file and its key, after the core erased what was in it. Files put aside stay: they may hold
   * records that were never sent, and nobody reads them without their passcode.
   */
  async erase(): Promise<void> {
    this.close();
    const { current, aside } = this.shelf;
    await this.put({ current: null, aside, erased: true });
    if (current) this.disk.remove(current.file);
  }

  /** Closes the file. */
  close(): void {
    this.book?.free();
    this.book = null;
  }

  private open(record: KeyRecord, key: Uint8Array): void {
    try {
      this.book = new Book(record.file, key, random(32));
    } finally {
      key.fill(0);
    }
  }

  /** The record that a passcode opens, made the current one, with its key. Every try is counted before it is made. */
  private async find(passcode: string, among: (KeyRecord | null)[]): Promise<{ record: KeyRecord; key: Uint8Array }> {
    const candidates = among.filter((one) => one !== null);
    if (candidates.length === 0) throw support('本机还没有数据文件 / there is no file yet');
    const now = Date.now();
    const open = candidates.filter((one) => left_ms(one, now) === 0);
    if (open.length === 0) throw tooEarly(Math.min(...candidates.map((one) => left_ms(one, now))));
    for (const one of open) {
      const wrong = one.wrong + 1;
      const counted = { ...one, wrong, wait_until: Date.now() + wait_ms(wrong) };
      await this.put(replaced(this.shelf, counted));
      const key = await unwrap(counted, passcode, derive);
      if (key) {
        const record = { ...counted, wrong: 0, wait_until: 0 };
        await this.put(madeCurrent(replaced(this.shelf, record), record));
        return { record, key };
      }
    }
    throw wrongPasscode();
  }

  private async put(shelf: Shelf): Promise<void> {
    try {
      await write(shelf);
    } catch {
      throw later('存储空间不足或不可写,未作改动 / storage is full or cannot be written: nothing was changed');
    }
    this.shelf = shelf;
  }
}

function replaced(shelf: Shelf, record: KeyRecord): Shelf {
  const swap = (one: KeyRecord) => (one.file === record.file ? record : one);
  return { ...shelf, current: shelf.current && swap(shelf.current), aside: shelf.aside.map(swap) };
}

function madeCurrent(shelf: Shelf, record: KeyRecord): Shelf {
  const { current, aside } = shelf;
  if (current?.file === record.file) return shelf;
  const others = aside.filter((one) => one.file !== record.file);
  return { current: record, aside: current ? [...others, current] : others, erased: false };
}

function costs(): readonly [number, number] {
  const [memory, passes] = cost();
  return [memory ?? 0, passes ?? 0];
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
