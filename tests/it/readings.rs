//! What is read of each fixture, as the table that the example prints of any folder.

use crate::support::{conclude, expect, fixtures, inputs};

#[path = "../../examples/readings.rs"]
#[expect(dead_code, reason = "the example's main is not called here")]
mod example;

#[test]
fn every_input_has_a_format_and_nothing_is_refused_unseen() {
    let files: Vec<_> = inputs().into_iter().map(|(_, path)| path).collect();
    let mut failures = Vec::new();
    expect(&fixtures().join("readings.md"), Some(&example::table(&files, &fixtures())), &mut failures);
    conclude(&failures);
}
