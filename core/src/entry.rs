//! 条目 – the signed entry: envelope, chain, seals.
