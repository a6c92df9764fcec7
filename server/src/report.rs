//! Reports: tables, sheets, signatures.
