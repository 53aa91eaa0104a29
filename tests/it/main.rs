//! The integration tests, one crate so that it is linked once: files that a user could have sent, sessions that a user
//! could have typed, and laws that hold for all of them.
//!
//! `BLESS=1 cargo test` rewrites what is expected.
#![expect(clippy::disallowed_methods, reason = "tests read and write the fixtures")]

mod any_text;
mod check;
mod cmd;
mod damage;
mod docs;
mod doors;
mod edits;
mod exports;
mod golden;
mod hostile;
mod laws;
mod layers;
mod model;
mod names;
mod pairs;
mod readings;
mod support;
