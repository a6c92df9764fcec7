//! 入户率 – done, deducted, outstanding, exactly.
