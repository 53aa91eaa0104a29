//! The doors of arXiv: each reads [`crate::record::Record`]s in its own wrapping.

pub mod api;
mod decoded;
mod feed;
pub mod html;
pub mod mail;
pub mod oai;
pub mod rss;
pub mod snapshot;
mod xml;
