//! What a push goes through.
