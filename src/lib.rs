//! bibmill: any listing of papers becomes a bibliography.

pub mod diagnostic;
pub mod error;
pub mod fold;
pub mod format;
pub mod identity;
pub mod key;
pub mod latex;
pub mod model;
mod parallel;
pub mod record;
pub mod source;
pub mod stream;
pub mod yaml;

#[cfg(feature = "catalog")]
pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "catalog")]
pub mod resolve;
