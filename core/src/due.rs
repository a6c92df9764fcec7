//! 应访 – who is due, and why.
