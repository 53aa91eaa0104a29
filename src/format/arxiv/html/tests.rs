//! Tests over whole pages.
