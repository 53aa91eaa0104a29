//! Whole texts through the whole room.
