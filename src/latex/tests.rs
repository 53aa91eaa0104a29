//! The laws of this room, over its table, over generated texts, and over the lines of `fixtures/latex/cases.txt`.

use super::*;
use crate::model::{Run, Style};
use arbtest::arbitrary::{Result, Unstructured};

const CASES: &str = include_str!("../../fixtures/latex/cases.txt");

/// The structure of a text in one line: `⟨style:…⟩`, `$mathematics$`, `⟪TeX⟫`.
fn show(text: &Text) -> String {
    let show_run = |run: &Run| match run {
        Run::Plain(text) => text.replace('\u{A0}', "␣"),
        Run::Math(source) => format!("${source}$"),
        Run::Tex(source) => format!("⟪{source}⟫"),
        Run::Styled(style, inner) => format!("⟨{}:{}⟩", style.name(), show(inner)),
    };
    text.runs().iter().map(show_run).collect()
}

fn encoded(text: &Text, ascii: bool) -> String {
    let mut out = String::new();
    encode(text, Encoding { ascii }, &mut out);
    out
}

fn cases() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    CASES.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).map(|line| {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        (next(), next(), next())
    })
}

/// Braces and dollars as BibTeX and LaTeX count them.
fn assert_balanced(latex: &str) {
    let mut depth = 0;
    for byte in latex.bytes() {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        assert!(depth >= 0, "{latex}");
    }
    assert_eq!(depth, 0, "{latex}");
    let escaped = latex.replace("\\\\", "").replace("\\$", "");
    assert_eq!(escaped.matches('$').count() % 2, 0, "{latex}");
}

/// decode∘encode is the identity, and encode∘decode∘encode is encode.
fn assert_law(text: &Text) {
    let latex = encoded(text, false);
    assert_balanced(&latex);
    assert_eq!(decode_bib(&latex), *text, "{latex}");
    let ascii = encoded(text, true);
    assert_balanced(&ascii);
    assert_eq!(encoded(&decode_bib(&ascii), true), ascii);
}

#[test]
fn difficult_lines() {
    for (context, source, expected) in cases() {
        let found = match context {
            "prose" => show(&decode(source)),
            "bib" => show(&decode_bib(source)),
            "name" => decode_name(source),
            other => panic!("{other} is no context"),
        };
        assert_eq!(found, expected, "{context} {source}");
    }
}

#[test]
fn what_a_decoder_reads_is_written_and_read_again() {
    for (_, source, _) in cases() {
        // Every prefix too: broken groups, commands and characters' names.
        for (end, _) in source.char_indices().chain([(source.len(), ' ')]) {
            assert_law(&decode(&source[..end]));
            assert_law(&decode_bib(&source[..end]));
            decode_name(&source[..end]);
        }
    }
}

#[test]
fn every_row_of_the_table_is_read_as_it_is_written() {
    for character in table::characters() {
        let text = Text::plain(character);
        let latex = encoded(&text, true);
        assert!(latex.is_ascii(), "{latex}");
        assert_eq!(decode_bib(&latex), text, "{latex}");
        assert_eq!(decode_bib(&format!("x{latex}y")), Text::plain(format!("x{character}y")), "{latex}");
        assert!(is_encodable(character));
    }
}

#[test]
fn every_row_of_the_table_has_a_source_in_formulas() {
    for character in table::characters() {
        let formula = Text::from_iter([Run::Math(format!("+{character}b"))]);
        let latex = encoded(&formula, true);
        assert!(latex.is_ascii(), "{latex}");
        let read = decode_bib(&latex);
        assert_eq!(encoded(&read, true), latex);
        let source = latex.trim_matches('$').trim_start_matches('+').trim_end_matches('b').trim();
        match source.strip_prefix("\\mbox{").and_then(|rest| rest.strip_suffix('}')) {
            Some(boxed) => assert_eq!(decode_bib(boxed).to_plain(), character.to_string(), "{latex}"),
            None if character == '\u{A0}' => assert_eq!(source, "~"),
            None => assert_eq!(table::math_phrase(source), Some(character), "{latex}"),
        }
    }
}

/// How many characters have a command: rows and letters of alphabets, and what accents make of letters.
#[test]
fn the_table_is_large() {
    assert!(table::characters().len() > 3_000, "{}", table::characters().len());
    let composed = ('\u{C0}'..'\u{2000}').filter(|c| is_encodable(*c)).count();
    assert!(composed > 1_250, "{composed}");
}

#[test]
fn every_accent_is_read_as_it_is_written() {
    use unicode_normalization::UnicodeNormalization;
    for mark in table::marks() {
        for letter in ('A'..='Z').chain('a'..='z').chain(['æ', 'ø', 'ł']) {
            let composed: String = [letter, mark].into_iter().nfc().collect();
            let latex = encoded(&Text::plain(composed.clone()), true);
            assert!(latex.is_ascii(), "{latex}");
            assert_eq!(decode_bib(&latex), Text::plain(composed), "{latex}");
        }
    }
    assert_eq!(encoded(&Text::plain("Özgür ǖ ĭ ế į"), true), r#"{\"O}zg{\"u}r {\={\"u}} {\u{\i}} {\'{\^e}} {\k{i}}"#);
    assert_eq!(encoded(&Text::plain("1–2 “é” í –-"), true), r"1--2 ``{\'e}'' {\'i} {\textendash}-");
    assert_eq!(encoded(&Text::plain("漢 ß ≤ 𝔽"), true), r"漢 {\ss} \ensuremath{\leq} \ensuremath{{\mathbb{F}}}");
    assert!(!is_encodable('漢'));
}

#[test]
fn what_the_encoder_writes() {
    let check = |text: Text, expected: &str| assert_eq!(encoded(&text, false), expected);
    check(
        Text::plain("50% & $5 #1 a_b x^y ~ \\ { }"),
        "50\\% \\& \\$5 \\#1 a\\_b x\\textasciicircum{}y \\textasciitilde{} \\textbackslash{} \\textbraceleft{} \\textbraceright{}",
    );
    check(
        Text::plain("a--b ''c'' `d` e\u{A0}f –\tg\u{7}"),
        "a-{}-b '{}'c'{}' \\textasciigrave{}d\\textasciigrave{} e~f – g",
    );
    let styled = |style, inner: Run| Text::from_iter([Run::Styled(style, [inner].into_iter().collect())]);
    check(styled(Style::Protected, Run::Plain("NASA".into())), "{NASA}");
    check(styled(Style::Protected, Run::Plain("&T".into())), r"{{\&T}}");
    check(styled(Style::Superscript, Run::Plain("2".into())), r"\textsuperscript{2}");
    check(Text::from_iter([Run::Math(r"\{a".into())]), r"$\lbrace a$");
    check(Text::from_iter([Run::Math("a$b".into())]), r"\$a\$b\$");
    check(Text::from_iter([Run::Tex(r"\foo{".into())]), r"\textbackslash{}foo\textbraceleft{}");
    check(Text::from_iter([Run::Tex(r"\foo".into()), Run::Plain("bar".into())]), r"\foo\/bar");
    let mut name = String::new();
    encode_plain("Smith & Söhne", Encoding { ascii: true }, &mut name);
    assert_eq!(name, r#"Smith \& S{\"o}hne"#);
}

/// Characters and pieces that have a meaning somewhere.
const PIECES: [&str; 69] = [
    "a",
    "B",
    "ö",
    "é",
    " ",
    "\\",
    "{",
    "}",
    "$",
    "$$",
    "-",
    "--",
    "'",
    "''",
    "`",
    "``",
    "~",
    "^",
    "_",
    "&",
    "%",
    "#",
    "*",
    "[",
    "]",
    "?",
    "!",
    "\u{A0}",
    "–",
    "”",
    "α",
    "ℝ",
    "漢",
    "\u{301}",
    "ı",
    "\\'",
    "\\\"",
    "\\c",
    "\\emph",
    "\\em",
    "\\foo",
    "\\ensuremath",
    "\\(",
    "\\)",
    "\\[",
    "\\{",
    "\\}",
    "\\\\",
    "\\ ",
    "\\-",
    "\\/",
    "\\alpha",
    "\\i",
    "\\S",
    "\\href",
    "\\url",
    "\\mathbb",
    "\\textcolor",
    "\\begin{align}",
    "\\end{align}",
    "\\verb|",
    "1",
    "\n",
    "{}",
    "—",
    "“",
    "‘",
    "’",
    "E\u{301}",
];

fn soup(u: &mut Unstructured<'_>) -> Result<String> {
    let count = u.int_in_range(0..=40)?;
    (0..count).map(|_| u.choose(&PIECES).copied()).collect()
}

/// Any text a writer may be handed: runs of any characters, nested styles.
fn any_text(u: &mut Unstructured<'_>, depth: usize) -> Result<Text> {
    let count = u.int_in_range(0..=4)?;
    (0..count)
        .map(|_| {
            Ok(match u.int_in_range(0..=if depth == 0 { 2 } else { 4 })? {
                0 => Run::Plain(soup(u)?),
                1 => Run::Math(soup(u)?),
                2 => Run::Tex(soup(u)?),
                _ => Run::Styled(*u.choose(&Style::ALL)?, any_text(u, depth - 1)?),
            })
        })
        .collect()
}

#[test]
fn whatever_is_read_obeys_the_law() {
    crate::model::generate::property(|u| {
        let source = soup(u)?.replace('\n', " ");
        decode_name(&source);
        assert_law(&decode(&source));
        assert_law(&decode_bib(&source));
        Ok(())
    });
}

#[test]
fn whatever_is_written_is_balanced_and_settles() {
    crate::model::generate::property(|u| {
        let text = any_text(u, 3)?;
        for ascii in [false, true] {
            let latex = encoded(&text, ascii);
            assert_balanced(&latex);
            assert_law(&decode_bib(&latex));
        }
        Ok(())
    });
}

/// Plain characters come back exactly, whatever they are.
#[test]
fn plain_characters_come_back() {
    crate::model::generate::property(|u| {
        let source = soup(u)?.replace('\n', " ");
        assert_eq!(decode_bib(&encoded(&Text::plain(source.clone()), false)), Text::plain(source));
        Ok(())
    });
}

#[test]
fn deep_and_long_texts_end() {
    for piece in [
        "{",
        "}",
        "$",
        "{$",
        "\\em ",
        "{\\em ",
        "\\'",
        "\\'{",
        "\\c{",
        "\\emph{",
        "\\foo{",
        "\\foo[",
        "`",
        "\\begin{align}",
        "\\href{",
        "^{",
        "\\(",
        "\\textcolor{",
    ] {
        let long = piece.repeat(if piece == "{" { 100_000 } else { 20_000 });
        let closed = format!("{long}{}", "}".repeat(long.matches('{').count().max(20_000)));
        for source in [&long, &closed] {
            assert_balanced(&encoded(&decode(source), false));
            assert_balanced(&encoded(&decode_bib(source), true));
        }
    }
}
