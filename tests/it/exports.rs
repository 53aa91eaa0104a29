//! `.abs` records against arXiv's own export of the same papers, by the example that also runs over whole folders.

use crate::support::fixtures;

#[path = "../../examples/abs_against_export.rs"]
#[expect(dead_code, reason = "the example's main is not called here")]
mod abs_against_export;

#[test]
fn abs_records_give_what_arxiv_exports() {
    let folder = fixtures().join("arxiv-mail");
    let tally = abs_against_export::run(&folder.join("records"), &folder.join("export")).expect("the files are read");
    assert_eq!((tally.compared, tally.unknown), (10, 0), "{}", tally.lines.join("\n"));
}
