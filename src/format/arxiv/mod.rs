//! The doors of arXiv: each reads [`crate::record::Record`]s in its own wrapping.

pub mod snapshot;
