//! 页面接口 – what the Worker's script calls. An error is thrown as the JSON text of a [`Trouble`]; anything else that is
//! thrown is a trap, after which the Worker is discarded: the file is as its last transaction left it.

mod clock;
mod initials;

use std::sync::Arc;

use js_sys::{Array, Object, Reflect, Uint8Array};
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::fieldbook::{Fieldbook, FieldbookError, Invitation};
use ruhu_core::store::StoreKey;
use ruhu_core::sync::session::BundleHead;
use ruhu_core::sync::wire::ENROL_PATH;
use ruhu_port::{Port, Remedy, Trouble};
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_rs::vfs::VfsFilesManager;
use sqlite_wasm_rs::vfs::transfer::DbTransfer;
use sqlite_wasm_vfs::sahpool::{OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize;

use crate::carry::{Carry, Step};
use crate::passcode::{self, Cost};
use clock::PageClock;
use initials::PageInitials;

/// The folder in the origin's private file system.
const FOLDER: &str = "ruhu";
/// A file and its journal, three times over: the one in use, and two that were put aside.
const SLOTS: usize = 6;
/// Kind of phone and program, for the hub's list of devices.
const DEVICE: &str = "browser";
const APP: &str = concat!("ruhu-web ", env!("CARGO_PKG_VERSION"));

/// 私有磁盘 – the origin's private files, held by this Worker alone until it ends.
#[wasm_bindgen]
pub struct Disk {
    pool: OpfsSAHPoolUtil,
}

#[wasm_bindgen]
impl Disk {
    /// Takes hold of the files. Throws where the browser has none, or another tab holds them.
    ///
    /// # Errors
    /// The browser's reason.
    pub async fn take() -> Result<Disk, String> {
        let wanted = OpfsSAHPoolCfgBuilder::new().directory(FOLDER).initial_capacity(SLOTS).build();
        let pool = install::<WasmOsCallback>(&wanted, true).await.map_err(|why| why.to_string())?;
        Ok(Self { pool })
    }

    /// Room for one more file and its journal, when every place is taken.
    ///
    /// # Errors
    /// The browser's reason.
    pub async fn make_room(&self) -> Result<(), String> {
        let taken = self.pool.len().map_err(|why| why.to_string())?;
        self.pool.ensure_capacity(taken + 4).await.map_err(|why| why.to_string())
    }

    /// Removes a file and its journal, which nobody has open.
    ///
    /// # Errors
    /// The disk's reason.
    pub fn remove(&self, name: &str) -> Result<(), String> {
        for one in [name.to_owned(), format!("{name}-journal")] {
            self.pool.remove(&one).map_err(|why| why.to_string())?;
        }
        Ok(())
    }

    /// The encrypted bytes of a file, which nobody has open.
    ///
    /// # Errors
    /// The disk's reason.
    pub fn copy_out(&self, name: &str) -> Result<Vec<u8>, String> {
        self.pool.export_db(name).map_err(|why| why.to_string())
    }

    /// Puts the encrypted bytes of a file under a name that is not taken.
    ///
    /// # Errors
    /// The disk's reason.
    pub fn copy_in(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        self.pool.import_db_unchecked(name, bytes).map_err(|why| why.to_string())
    }
}

/// argon2id of a passcode; see [`passcode`].
///
/// # Errors
/// A [`Trouble`] as JSON.
#[wasm_bindgen]
pub fn derive(passcode: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Result<Vec<u8>, String> {
    let key = passcode::derive(passcode, salt, Cost { memory_kib, passes });
    key.map(|key| key.to_vec()).map_err(|why| thrown(&Trouble::at("passcode", &why.to_string())))
}

/// What [`derive`] costs for a new passcode: KiB of memory, and passes.
#[wasm_bindgen]
#[must_use]
pub fn cost() -> Vec<u32> {
    let cost = Cost::default();
    vec![cost.memory_kib, cost.passes]
}

/// 外勤本 – the worker's file, open.
#[wasm_bindgen]
pub struct Book {
    port: Port,
    carry: Carry,
    invitation: Option<Invitation>,
}

#[wasm_bindgen]
impl Book {
    /// Opens the file or makes it. `key` are its 32 bytes and are wiped here; `seed` are 32 of the system's randomness.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON; the file is left as it is.
    #[wasm_bindgen(constructor)]
    pub fn open(path: &str, mut key: Vec<u8>, seed: &[u8]) -> Result<Book, String> {
        let taken = <[u8; 32]>::try_from(key.as_slice()).map(StoreKey::new);
        key.zeroize();
        let (Ok(key), Ok(seed)) = (taken, <[u8; 32]>::try_from(seed)) else {
            return Err(thrown(&fault("密钥长度有误 / a key is not of its length")));
        };
        let rng = Box::new(StdRng::from_seed(seed));
        let book = Fieldbook::open_encrypted(path, &key, APP, Arc::new(PageClock), rng).map_err(trouble)?;
        let port = Port::new(book, APP).reading(Arc::new(PageInitials));
        Ok(Self { port, carry: Carry::default(), invitation: None })
    }

    /// Answers a question by its name; JSON in, JSON out.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON; nothing was changed.
    pub fn ask(&mut self, name: &str, with: &str) -> Result<String, String> {
        self.port.ask(name, with).map_err(|why| thrown(&why))
    }

    /// 登记 – what to post, `{url, body}`, for a scanned code, or a typed one with the hub's address.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON.
    pub fn enrol_request(&mut self, code: &str, hub_url: &str) -> Result<Object, String> {
        let typed = Invitation {
            url: hub_url.trim_end_matches('/').to_owned(),
            code: code.to_owned(),
            hub_key: None,
        };
        let invitation = Invitation::parse(code).unwrap_or(typed);
        let body = self.port.book().enrol_request(&invitation.code, DEVICE).map_err(trouble)?;
        let url = format!("{}{ENROL_PATH}", invitation.url.trim_end_matches('/'));
        self.invitation = Some(invitation);
        Ok(post(&url, &body))
    }

    /// Takes the hub's answer to it.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON; nothing was changed.
    pub fn enrol_answered(&mut self, status: u16, body: &[u8]) -> Result<(), String> {
        let Some(invitation) = self.invitation.take() else {
            return Err(thrown(&fault("没有待答的登记 / no enrolment is awaited")));
        };
        self.port.book().take_invited_reply(&invitation, status, body).map(drop).map_err(trouble)
    }

    /// Begins a sync; `now` ends a pause after failures, because the person asked.
    pub fn sync_begin(&mut self, now: bool) {
        self.carry = Carry::default();
        if now {
            self.port.book().sync_now();
        }
    }

    /// What to do next: `{url, body}` to post, `{url, headers}` to get, or `{end}` with JSON.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON.
    pub fn sync_next(&mut self) -> Result<Object, String> {
        let step = self.carry.next(self.port.book()).map_err(trouble)?;
        Ok(match step {
            Step::Post { url, body } => post(&url, &body),
            Step::Get { url, headers } => {
                let pairs = Array::new();
                for (name, value) in headers {
                    pairs.push(&Array::of2(&name.into(), &value.into()));
                }
                object(&[("url", url.into()), ("headers", pairs.into())])
            }
            Step::End(told) => object(&[("end", json(&told)?.into())]),
        })
    }

    /// The answer to a post.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON; nothing was changed.
    pub fn sync_answered(&mut self, status: u16, body: &[u8]) -> Result<(), String> {
        self.carry.answered(self.port.book(), status, body).map_err(trouble)
    }

    /// No answer came to a post.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON.
    pub fn sync_failed(&mut self) -> Result<(), String> {
        self.carry.failed(self.port.book()).map_err(trouble)
    }

    /// The head of an answer to a get: whether its body is to be handed in.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON.
    pub fn load_head(
        &mut self,
        status: u16,
        etag: Option<String>,
        range: Option<String>,
        length: Option<String>,
    ) -> Result<bool, String> {
        let length = length.and_then(|length| length.parse().ok());
        let head = BundleHead { status, etag, range, length };
        self.carry.head(self.port.book(), &head).map_err(trouble)
    }

    /// Keeps bytes of a first load; JSON of how far it is.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON; nothing of them was kept.
    pub fn load_bytes(&mut self, bytes: &[u8]) -> Result<String, String> {
        let progress = self.carry.bytes(self.port.book(), bytes).map_err(trouble)?;
        json(&progress)
    }

    /// The hub answered a get otherwise.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON.
    pub fn load_refused(&mut self, status: u16, body: &[u8]) -> Result<(), String> {
        self.carry.refused(self.port.book(), status, body).map_err(trouble)
    }

    /// The body of a get ended or broke off.
    ///
    /// # Errors
    /// A [`Trouble`] as JSON.
    pub fn load_cut(&mut self, gained: bool) -> Result<(), String> {
        self.carry.cut(self.port.book(), gained).map_err(trouble)
    }
}

fn trouble(why: FieldbookError) -> String {
    thrown(&Trouble::from(why))
}

fn thrown(trouble: &Trouble) -> String {
    serde_json::to_string(trouble).unwrap_or_default()
}

fn fault(words: &str) -> Trouble {
    Trouble { remedy: Remedy::CallSupport, words: words.to_owned(), problems: Vec::new() }
}

fn json(value: &impl serde::Serialize) -> Result<String, String> {
    serde_json::to_string(value)
        .map_err(|_| thrown(&fault("端口回答有误 / the answer does not fit the port")))
}

fn post(url: &str, body: &[u8]) -> Object {
    object(&[("url", url.into()), ("body", Uint8Array::from(body).into())])
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let made = Object::new();
    for (name, value) in entries {
        // Setting a property of a fresh object does not fail.
        let _ = Reflect::set(&made, &(*name).into(), value);
    }
    made
}
