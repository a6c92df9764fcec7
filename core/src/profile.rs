//! 户情 – the household's fields, an automerge document.
