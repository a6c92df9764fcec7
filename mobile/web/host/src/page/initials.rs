//! 首字母 – the browser knows how signs are sorted by their reading; the Worker's script tells the first letter from that.

use ruhu_port::initials::Initials;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Set by the Worker before a book is opened: sign in, letter out, both as code points; 0 for none.
    #[wasm_bindgen(catch, js_name = ruhuInitial)]
    fn initial(sign: u32) -> Result<u32, JsValue>;
}

/// Asks the Worker's script; the sign alone leaves the wasm, never the name it stands in.
pub(super) struct PageInitials;

impl Initials for PageInitials {
    fn of(&self, sign: char) -> Option<char> {
        // A script without the function is a host without a table.
        initial(u32::from(sign)).ok().and_then(char::from_u32).filter(char::is_ascii_lowercase)
    }
}
