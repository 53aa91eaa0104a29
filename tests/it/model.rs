//! The model, with the generator of random entries that the library's own tests use.

pub(crate) use bibmill::model::*;

#[path = "../../src/model/generate.rs"]
pub(crate) mod generate;
