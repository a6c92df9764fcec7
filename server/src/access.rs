//! Accounts, sessions, roles, logs.
