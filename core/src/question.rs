//! 专项 – questions a community adds to its visits.
