// 钥匙架 – the key records of this browser, in IndexedDB: one for each file, wrapped, and how many wrong passcodes came.
//
// Only what is worthless without the passcode lies here, and a key of WebCrypto that no script can read out.

/** The wrapped key of one file. */
export interface KeyRecord {
  /** Name of the file on the private disk. */
  file: string;
  /** 1: inside AES-256-GCM under argon2id(passcode), outside AES-256-GCM under `device`. */
  version: 1;
  salt: Uint8Array;
  memory_kib: number;
  passes: number;
  device: CryptoKey;
  inner_iv: Uint8Array;
  outer_iv: Uint8Array;
  wrapped: Uint8Array;
  /** Wrong passcodes in a row. */
  wrong: number;
  /** No try before this, milliseconds since 1970; 0 for none. */
  wait_until: number;
}

/** Everything kept beside the files. */
export interface Shelf {
  /** The file in use. */
  current: KeyRecord | null;
  /** 搁置 – files of forgotten passcodes, the latest last. */
  aside: KeyRecord[];
  /** 撤销 – the hub revoked the enrolment and everything was erased. */
  erased: boolean;
}

const EMPTY: Shelf = { current: null, aside: [], erased: false };
const DATABASE = 'ruhu';
const STORE = 'shelf';
const KEY = 'shelf';

/** Reads the shelf; an empty one where nothing was kept yet. */
export async function read(): Promise<Shelf> {
  const kept = await inStore('readonly', (store) => store.get(KEY));
  return { ...EMPTY, ...(kept as Partial<Shelf> | undefined) };
}

/** Writes it; on the disk when the promise is kept. */
export async function write(shelf: Shelf): Promise<void> {
  await inStore('readwrite', (store) => store.put(shelf, KEY));
}

async function inStore(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await opened();
  try {
    return await new Promise((done, failed) => {
      const change = database.transaction(STORE, mode, { durability: 'strict' });
      const asked = work(change.objectStore(STORE));
      change.oncomplete = () => done(asked.result);
      change.onerror = () => failed(change.error ?? new Error('IndexedDB'));
      change.onabort = () => failed(change.error ?? new Error('IndexedDB'));
    });
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error ?? new Error('IndexedDB'));
  });
}
