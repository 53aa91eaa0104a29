//! A damaged catalog is never a catalog in which nothing is found: through the command line, with a byte flipped in every
//! region of the file, the answer is the right one or an error that names the file and the way out.

use crate::support::{bibmill, conclude, stderr, stdout};
use std::path::{Path, PathBuf};

/// What is asked: by identifier, by DOI, by title, by title words, and by a piece of an abstract.
const LIST: &str = "arXiv:2209.01667\n\nhttps://doi.org/10.1109/MM.2024.3373763\n\nAn Evolutionary Approach to Dynamic \
    Introduction of Tasks in Large-scale Multitask Learning Systems\n\nSparse expert models are a thirty-year old concept \
    re-emerging as a popular architecture in deep lear...\n";

struct Place(tempfile::TempDir);

impl Place {
    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        std::fs::write(self.file(name), bytes).expect("a file can be written");
        self.file(name)
    }

    /// The exit code, the output file and what was said.
    fn convert(&self, catalog: &Path) -> (Option<i32>, String, String) {
        let out = self.write("out.bib", b"old output");
        let list = self.write("list.txt", LIST.as_bytes());
        let mut command = bibmill();
        command.args(["convert", "--to", "bibtex", "--catalog"]).arg(catalog).arg(list).arg("-o").arg(&out);
        let output = command.output().expect("the program runs");
        let written = std::fs::read_to_string(&out).expect("the output is there");
        (output.status.code(), written, stderr(&output))
    }
}

fn built() -> (Place, Vec<u8>) {
    let place = Place(tempfile::tempdir().expect("a temporary folder"));
    let mut command = bibmill();
    command.args(["catalog", "build", "--with-abstracts", "fixtures/arxiv-snapshot/four.jsonl", "-o"]);
    let output = command.arg(place.file("good.cat")).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let bytes = std::fs::read(place.file("good.cat")).expect("the catalog is there");
    (place, bytes)
}

/// Offset and length of each section, as the header of the layout has them.
fn sections(bytes: &[u8]) -> Vec<(usize, usize)> {
    let number = |at: usize| {
        let number = u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
        usize::try_from(number).expect("the file fits into memory")
    };
    (0..8).map(|row| (number(40 + row * 24), number(48 + row * 24))).collect()
}

#[test]
fn a_flipped_byte_is_never_a_paper_that_was_not_found() {
    let (place, good) = built();
    let (code, right, _) = place.convert(&place.file("good.cat"));
    assert_eq!(code, Some(0));
    let mut places: Vec<usize> = vec![0, 8, 12, 16, 24, 40, 100, 231, 232, 240, 255];
    for (start, length) in sections(&good).into_iter().filter(|(_, length)| *length > 0) {
        places.extend((0..8).map(|part| start + (length - 1) * part / 7));
    }
    let (mut failures, mut refused) = (Vec::new(), 0);
    for at in places {
        let mut bytes = good.clone();
        bytes[at] ^= 0x20;
        let catalog = place.write("bad.cat", &bytes);
        let (code, written, said) = place.convert(&catalog);
        refused += usize::from(code == Some(2));
        let ok = match code {
            // The version is told from damage, because a newer program may have written the file.
            Some(2) => written == "old output" && said.contains("bad.cat: ") && said.contains("bibmill catalog build"),
            Some(0) => written == right,
            _ => false,
        };
        if !ok {
            failures.push(format!("byte {at}: exit {code:?}\n{said}{written}"));
        }
        let verified = bibmill().args(["catalog", "info", "--verify"]).arg(&catalog).output().expect("it runs");
        if verified.status.code() != Some(2) {
            failures.push(format!("byte {at} is not seen by --verify: {}", stdout(&verified)));
        }
    }
    assert!(refused > 20, "{refused}");
    conclude(&failures);
}

#[test]
fn a_longer_or_shorter_file_is_damaged() {
    let (place, good) = built();
    let longer = [&good[..], b"garbage"].concat();
    let lengths = [1, 7, 8, 100, 255, 256, good.len() / 2, good.len() - 1];
    for bytes in lengths.map(|length| &good[..length]).into_iter().chain([&longer[..]]) {
        let catalog = place.write("bad.cat", bytes);
        let (code, written, said) = place.convert(&catalog);
        assert_eq!((code, written.as_str()), (Some(2), "old output"), "{} bytes: {said}", bytes.len());
        assert!(said.contains("bad.cat: ") && said.contains("bibmill catalog build"), "{} bytes: {said}", bytes.len());
        let info = bibmill().args(["catalog", "info"]).arg(&catalog).output().expect("the program runs");
        assert_eq!(info.status.code(), Some(2), "{} bytes", bytes.len());
    }
}

#[test]
fn nothing_to_build_from_leaves_the_old_catalog() {
    let (place, good) = built();
    let empty = place.write("empty.jsonl", b"");
    let junk = place.write("junk.txt", b"no record\n{\"id\": \"x\"}\n[1, 2]\n");
    for input in [empty, junk] {
        let mut command = bibmill();
        let output = command.args(["catalog", "build"]).arg(&input).arg("-o").arg(place.file("good.cat")).output();
        let output = output.expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("no record was found in the input"), "{}", stderr(&output));
        assert_eq!(std::fs::read(place.file("good.cat")).expect("the catalog is there"), good);
    }
}
