//! One round trip between phone and hub.
