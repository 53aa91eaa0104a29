//! The integration tests: one crate, so that it is linked once.
