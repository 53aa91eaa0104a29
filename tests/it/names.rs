//! Every name that the formats' own vocabularies have, and what it is read as: a field of the model, or kept as it is.
//!
//! The lists: BibLaTeX's data model (manual 3.19, section 2; `blx-dm.def`), BibTeX's styles (`btxdoc`), the fields that JabRef
//! and Zotero add, CSL 1.0.2 (`csl-data.json`), Hayagriva 0.10 and RIS as Reference Manager and `EndNote` describe it. The table
//! `fixtures/vocabulary.md` shows the readings; a name that leaves no trace fails.

use crate::pairs::example::{every_field, is_same, named, read, write};
use crate::support::{conclude, expect, fixtures};
use bibmill::format::{Format, Input};
use bibmill::model::{Entry, FieldName};
use bibmill::source::SourceId;
use std::fmt::Write as _;

const BIBTEX_TYPES: &str = "article book booklet conference inbook incollection inproceedings manual mastersthesis misc \
    phdthesis proceedings techreport unpublished";
const BIBLATEX_TYPES: &str = "article book mvbook inbook bookinbook suppbook booklet collection mvcollection incollection \
    suppcollection dataset manual misc online patent periodical suppperiodical proceedings mvproceedings inproceedings \
    reference mvreference inreference report set software thesis unpublished artwork audio bibnote commentary image \
    jurisdiction legislation legal letter movie music performance review standard video customa customb customc customd \
    custome customf electronic www softwareversion";
const BIBTEX_FIELDS: &str = "address annote author booktitle chapter crossref edition editor howpublished institution \
    journal key month note number organization pages publisher school series title type volume year";
const BIBLATEX_FIELDS: &str = "abstract addendum afterword annotation annotator authortype bookauthor bookpagination \
    booksubtitle booktitle booktitleaddon chapter commentator date doi editora editorb editorc editortype editoratype \
    edition eid entryset entrysubtype eprint eprintclass eprinttype eventdate eventtitle eventtitleaddon execute file \
    foreword gender holder howpublished ids indexsorttitle indextitle institution introduction isan isbn ismn isrn issn \
    issue issuesubtitle issuetitle issuetitleaddon iswc journalsubtitle journaltitle journaltitleaddon keywords label langid \
    langidopts language library location mainsubtitle maintitle maintitleaddon nameaddon note number options organization \
    origdate origlanguage origlocation origpublisher origtitle pages pagetotal pagination part presort pubstate \
    related relatedoptions relatedstring relatedtype reprinttitle shortauthor shorteditor shorthand shorthandintro \
    shortjournal shortseries shorttitle sortkey sortname sortshorthand sorttitle sortyear subtitle title titleaddon \
    translator type url urldate usera userb userc userd usere userf verba verbb verbc venue version volume volumes xref \
    namea nameatype nameb namebtype namec namectype lista listb listc listd liste listf";
const EXTRA_FIELDS: &str = "comment groups owner timestamp creationdate modificationdate citationkey priority ranking readstatus \
    relevance printed qualityassured pmid pmcid mrnumber zblnumber bibcode adsurl adsnote biburl bibsource archiveprefix \
    primaryclass reportnumber slaccitation collaboration copyright license lccn isbn13 articleno numpages acmid day intype \
    assignee dayfiled monthfiled yearfiled nationality revision paper source shortjournal-iso rights callnumber";
const CSL_TYPES: &str = "article article-journal article-magazine article-newspaper bill book broadcast chapter classic \
    collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case \
    legislation manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical \
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis \
    treaty webpage";
const CSL_NAMES: &str = "author chair collection-editor compiler composer container-author contributor curator director editor \
    editorial-director executive-producer guest host interviewer illustrator narrator organizer original-author performer \
    producer recipient reviewed-author script-writer series-creator translator";
const CSL_DATES: &str = "accessed available-date event-date issued original-date submitted";
const CSL_STRINGS: &str = "abstract annote archive archive_collection archive_location archive-place authority call-number \
    categories chapter-number citation-key citation-number citation-label collection-number collection-title container-title \
    container-title-short dimensions division DOI edition event event-title event-place first-reference-note-number genre \
    ISBN ISSN issue journalAbbreviation jurisdiction keyword language locator medium note number number-of-pages \
    number-of-volumes original-publisher original-publisher-place original-title page page-first part part-title PMCID PMID \
    printing publisher publisher-place references reviewed-genre reviewed-title scale section shortTitle source status \
    supplement title title-short URL version volume volume-title volume-title-short year-suffix";
const HAYAGRIVA_TYPES: &str = "article chapter entry anthos report thesis web scene artwork patent case newspaper legislation \
    manuscript original post misc performance periodical proceedings book blog reference conference anthology repository \
    thread video audio exhibition";
const HAYAGRIVA_FIELDS: &str = "title author date editor affiliated publisher location organization issue volume volume-total \
    edition page-range page-total time-range runtime url serial-number language archive archive-location call-number note \
    abstract genre chapter";
const RIS_TYPES: &str = "ABST ADVS AGGR ANCIENT ART BILL BLOG BOOK CASE CHAP CHART CLSWK COMP CONF CPAPER CTLG DATA DBASE DICT \
    EBOOK ECHAP EDBOOK EJOUR ELEC ENCYC EQUA FIGURE GEN GOVDOC GRANT HEAR ICOMM INPR INTV JFULL JOUR LEGAL MANSCPT MAP MGZN \
    MPCT MULTI MUSIC NEWS PAMP PAT PCOMM RPRT SER SLIDE SOUND STAND STAT STD THES UNBILL UNPB UNPD VIDEO WEB";
const RIS_TAGS: &str = "A1 A2 A3 A4 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT CY DA DB DO DP ED EP ET ID IS J1 J2 \
    JA JF JO KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NV OP PB PP PY RI RN RP SE SN SP ST T1 T2 T3 TA TI TT U1 U2 U3 U4 U5 UR \
    VL VO Y1 Y2";

#[test]
fn every_name_is_mapped_or_kept() {
    let mut table = "| format | names | read as |\n|---|---|---|\n".to_owned();
    let mut failures = Vec::new();
    for (format, what, names, source) in rows() {
        // Names that are read the same way share a row.
        let mut readings: Vec<(String, Vec<&str>)> = Vec::new();
        for name in names.split_ascii_whitespace() {
            let reading = reading(format, name, source, &mut failures);
            match readings.iter_mut().find(|(other, _)| *other == reading) {
                Some((_, names)) => names.push(name),
                None => readings.push((reading, vec![name])),
            }
        }
        for (reading, names) in readings {
            let _ = writeln!(table, "| {format}, {what} | {} | {reading} |", names.join(", "));
        }
    }
    expect(&fixtures().join("vocabulary.md"), Some(&table), &mut failures);
    conclude(&failures);
}

/// Makes a file of one entry that uses a name.
type Source = fn(&str) -> String;

fn rows() -> Vec<(Format, &'static str, &'static str, Source)> {
    let bib_type: Source = |name| format!("@{name}{{key1, title = {{A title}}}}\n");
    let csl_type: Source = |name| format!("[{{\"id\": \"key1\", \"title\": \"A title\", \"type\": \"{name}\"}}]");
    vec![
        (Format::Bibtex, "types", BIBTEX_TYPES, bib_type),
        (Format::Bibtex, "fields", BIBTEX_FIELDS, bib_field),
        (Format::Bibtex, "fields of programs and services", EXTRA_FIELDS, bib_field),
        (Format::Biblatex, "types", BIBLATEX_TYPES, bib_type),
        (Format::Biblatex, "fields", BIBLATEX_FIELDS, bib_field),
        (Format::CslJson, "types", CSL_TYPES, csl_type),
        (Format::CslJson, "names", CSL_NAMES, |name| csl(name, "[{\"family\": \"Doe\", \"given\": \"Jane\"}]")),
        (Format::CslJson, "dates", CSL_DATES, |name| csl(name, "{\"date-parts\": [[2001, 2, 3]]}")),
        (Format::CslJson, "strings", CSL_STRINGS, |name| csl(name, &format!("\"{}\"", value(name)))),
        (Format::Hayagriva, "types", HAYAGRIVA_TYPES, |name| format!("key1:\n  type: {name}\n  title: A title\n")),
        (Format::Hayagriva, "fields", HAYAGRIVA_FIELDS, hayagriva_field),
        (Format::Ris, "types", RIS_TYPES, |name| format!("TY  - {name}\nTI  - A title\nER  - \n")),
        (Format::Ris, "tags", RIS_TAGS, |name| {
            format!("TY  - JOUR\nTI  - A title\n{name}  - {}\nER  - \n", value(name))
        }),
    ]
}

fn bib_field(name: &str) -> String {
    let title = if name == "title" { String::new() } else { ", title = {A title}".to_owned() };
    format!("@misc{{key1{title}, {name} = {{{}}}}}\n", value(name))
}

fn csl(name: &str, value: &str) -> String {
    let title = if name == "title" { "" } else { "\"title\": \"A title\", " };
    format!("[{{\"id\": \"key1\", \"type\": \"document\", {title}\"{name}\": {value}}}]")
}

fn hayagriva_field(name: &str) -> String {
    let title = if name == "title" { "" } else { "  title: A title\n" };
    let value = match name {
        "affiliated" => "[{role: director, names: [\"Doe, Jane\"]}]".to_owned(),
        "author" | "editor" => "[\"Doe, Jane\"]".to_owned(),
        "serial-number" => "{doi: \"10.1000/182\"}".to_owned(),
        name => format!("\"{}\"", value(name)),
    };
    format!("key1:\n  type: book\n{title}  {name}: {value}\n")
}

/// A value that a name of that meaning may have.
fn value(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "doi" | "do" | "l3" => "10.1000/182",
        "isbn" | "isbn13" => "978-3-16-148410-0",
        "issn" | "sn" => "2049-3630",
        "pmid" => "17170002",
        "pmcid" => "PMC1234567",
        "eprint" => "1706.03762",
        "bibcode" => "1992ApJ...400L...1W",
        "adsurl" => "https://ui.adsabs.harvard.edu/abs/1992ApJ...400L...1W",
        "biburl" => "https://dblp.org/rec/conf/nips/VaswaniSPUJGKP17.bib",
        "mrnumber" => "MR0123456",
        "zblnumber" => "1234.56789",
        "date" | "eventdate" | "origdate" | "urldate" | "year" | "da" | "py" | "y1" | "y2" => "2001",
        "url" | "ur" | "lk" => "https://example.org/",
        "language" | "la" => "de",
        "volume-total" | "page-total" | "volumes" => "3",
        _ => "Value",
    }
}

/// What a name is read as; it must leave a trace that is still there when the entry was written and read again.
fn reading(format: Format, name: &str, source: Source, failures: &mut Vec<String>) -> String {
    let text = source(name);
    let entries = read(format, Input::from_text(SourceId(0), "names", &text));
    let [entry] = entries.as_slice() else {
        failures.push(format!("{format}: {name}: {} entries", entries.len()));
        return String::new();
    };
    let mut entry = entry.clone();
    entry.key.get_or_insert_with(|| "key1".to_owned());
    let (printed, dropped) = write(format, std::slice::from_ref(&entry));
    let back = read(format, Input::from_text(SourceId(0), "names", &printed));
    for field in every_field(&entry) {
        let reported = dropped.iter().flatten().any(|dropped| dropped.field == field);
        if !reported && !back.first().is_some_and(|back| is_same(&entry, back, field)) {
            failures.push(format!("{format}: {name}: {} does not come back", named(&entry, field)));
        }
    }
    let found: Vec<String> = every_field(&entry).into_iter().filter_map(|field| trace(&entry, field, name)).collect();
    if found.is_empty() {
        failures.push(format!("{format}: {name} leaves no trace"));
    }
    found.join(", ")
}

/// A field as the table shows it; the title that every entry has is not shown.
fn trace(entry: &Entry, field: FieldName, name: &str) -> Option<String> {
    let is_title = matches!(name.to_ascii_lowercase().as_str(), "title" | "ti" | "t1" | "ct");
    match field {
        FieldName::Kind => Some(format!("a {}", entry.kind.name())),
        FieldName::Text(bibmill::model::TextField::Title) if !is_title => None,
        FieldName::Foreign(at) => {
            let foreign = entry.foreign.get(at)?;
            let is_type = matches!(foreign.name.as_str(), "@" | "type" | "TY");
            Some(if is_type { "its own word kept".to_owned() } else { "kept as it is".to_owned() })
        }
        field => Some(field.name().to_owned()),
    }
}
