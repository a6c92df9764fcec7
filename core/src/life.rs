//! What a unit's facts mean on a day: where it lived, since when, whether key.
