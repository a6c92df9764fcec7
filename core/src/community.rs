//! 社区 – grids, workers, assignments and settings, as a set of facts.
