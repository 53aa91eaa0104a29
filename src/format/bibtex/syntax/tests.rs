//! Tests of the splitter: what is in each block, and that no byte is lost.

use super::*;

/// Prints blocks in short: entries as `key[name=value;…]`, faults behind `!`.
fn print(text: &str) -> String {
    let mut out = Vec::new();
    let mut end = 0;
    for block in split(text) {
        assert_eq!(block.range.start, end, "{text}");
        end = block.range.end;
        let mut line = match &block.kind {
            BlockKind::Entry(entry) => format!("{}:{}[{}]", entry.word, entry.key, print_fields(&entry.fields)),
            BlockKind::Strings(fields) => format!("string[{}]", print_fields(fields)),
            BlockKind::Text if text[block.range.clone()].trim().is_empty() => continue,
            other => format!("{other:?}").to_lowercase(),
        };
        for fault in &block.faults {
            line = format!("{line} !{}", fault.rule.name());
        }
        out.push(line);
    }
    assert_eq!(end, text.len(), "{text}");
    out.join(" ")
}

fn print_fields(fields: &[RawField<'_>]) -> String {
    let value = |field: &RawField<'_>| {
        let parts: Vec<String> = field
            .value
            .parts()
            .map(|part| match part {
                Part::Braced(text) => format!("{{{text}}}"),
                Part::Quoted(text) => format!("\"{text}\""),
                Part::Number(text) => text.to_owned(),
                Part::Macro(text) => format!("${text}"),
            })
            .collect();
        format!("{}={}", field.name, parts.join("#"))
    };
    fields.iter().map(value).collect::<Vec<_>>().join(";")
}

fn check(text: &str, expected: &str) {
    assert_eq!(print(text), expected, "{text}");
}

#[test]
fn sound_files() {
    check("@article{k, title = {A {B} c}, year = 2020}", "article:k[title={A {B} c};year=2020]");
    check("@article(k, title = \"a {\"}q{\"} b\",)", "article:k[title=\"a {\"}q{\"} b\"]");
    check("@string{acm = \"ACM\"} @misc{a, p = acm # { x}, m = jan}", "string[acm=\"ACM\"] misc:a[p=$acm#{ x};m=$jan]");
    check("@misc{a, t={foo\\}, y=1}", "misc:a[t={foo\\};y=1]");
    check("@preamble{\"a\" # {b}} @comment{x {y}} z", "preamble comment text");
    check("@misc{k}", "misc:k[]");
    check("@misc{a,\r\n t = {x},\r\n}\r\n", "misc:a[t={x}]");
}

#[test]
fn what_stands_between_is_text() {
    check("mail me@there.org or foo@bar {x} @misc{a, t={x}}", "text misc:a[t={x}]");
    check("% @misc{off, t={x}}\n@misc{a, t={x}}", "text misc:a[t={x}]");
    check("@misc{a, t={x}}}\n@misc{b, t={y}}", "misc:a[t={x}] text !unbalanced-brace misc:b[t={y}]");
}

#[test]
fn broken_entries_do_not_eat_their_neighbours() {
    let b = "@misc{b, t={y}}";
    check(&format!("@misc{{a, t={{x,\n y={{1}}\n}}\n{b}"), "misc:a[t={x};y={1}] !unclosed-entry misc:b[t={y}]");
    check(
        &format!("@misc{{a, t={{x}},\n}}\n@misc{{c, t={{z}}\n{b}"),
        "misc:a[t={x}] misc:c[t={z}] !unclosed-entry misc:b[t={y}]",
    );
    check(&format!("@misc{{a, t={{x}}\n{b}"), "misc:a[t={x}] !unclosed-entry misc:b[t={y}]");
    check("  @misc{a, t={x\n  @misc{b, t={y}}", "misc:a[t={x}] !unclosed-entry misc:b[t={y}]");
    check("@misc{a, t={x", "misc:a[t={x}] !unclosed-entry");
    check("@misc{a, t={x} y={z}}", "misc:a[t={x};y={z}] !missing-comma");
    check("@misc{a t={x}}", "misc:a[t={x}] !missing-comma");
    check("@misc{t={x}}", "misc:[t={x}] !malformed-record");
    check("@misc{, t={x}}", "misc:[t={x}] !malformed-record");
    check("@misc{a, just words, t={x}}", "misc:a[t={x}] !malformed-record");
    check("@misc{a, year = 2020-05, t={x}}", "misc:a[year=$2020-05;t={x}]");
    check("@misc{a, t = , u={x}}", "misc:a[u={x}] !malformed-record");
    check("@misc{", "failed !unclosed-entry");
    check("@misc{}", "failed !malformed-record");
}

#[test]
fn every_prefix_is_split_without_loss() {
    let text = "@string{a = \"x\" # {y}}\n@comment{c}\n% @x{y,\n@misc(k, t = {a {b}} # a, \n y = 1 z={\"}\"})\n@a{b,c=\"{\"}\"}}";
    for end in 0..=text.len() {
        print(&text[..end]);
    }
}

#[test]
fn hostile_files_take_linear_time() {
    for text in [
        "@a{b,c={\n".repeat(50_000),
        " @a{b,c={\n".repeat(50_000),
        "@comment{\n".repeat(50_000),
        "a={\n".repeat(50_000),
    ] {
        assert!(split(&text).count() > 0);
        assert!(split(&format!("@x{{y,{text}")).count() > 0);
    }
}
