"""Compares what foreign programs and bibmill read, value by value, both ways.

    .ci/foreign.py --bibmill BIBMILL --pandoc PANDOC --citation-js FOLDER --hayagriva HAYAGRIVA
                   [--style plain.bst] [--only written|found] [--programs NAME,...] [--all] [FILE...]

`written`: bibmill reads each file and writes it in six formats; each program reads what was written, and what it read is
compared with what bibmill read; a field that the writer reported as dropped is not compared. `found`: the file itself is
read by the programs of its format and by bibmill. In both every value of either side must be found on the other: names part
by part, dates to the day, types, keys; letters and digits of texts with their case and accents, because markup, quotes and
dashes are the formats' own; numbers, addresses and identifiers exactly.

Without FILE the fixtures are read; then a difference that is not judged in fixtures/differences/foreign.md, and a row there
that fits no difference any more, is an error. Readers: the program BibTeX with a style made for it, pybtex (BibTeX), biber
(BibLaTeX), pandoc and citation-js (CSL-JSON), pandoc (CSL-YAML), hayagriva (its own print of what it parsed), rispy (RIS).
"""

import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import sys
import tempfile
import unicodedata

# No compiled copy beside the script.
sys.dont_write_bytecode = True

import readings  # noqa: E402
from readings import Dated, Person  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
JUDGED = ROOT / "fixtures/differences/foreign.md"
EXTENSIONS = {"bibtex": "bib", "biblatex": "bib", "csl-json": "json", "csl-yaml": "yaml", "hayagriva": "yaml", "ris": "ris"}
FAMILIES = {"bib": "bib", "bibtex": "bib", "biblatex": "bib", "csl-json": "csl", "csl-yaml": "csl",
            "hayagriva": "hayagriva", "ris": "ris"}
COLUMNS = ("bib", "csl", "hayagriva", "ris")
# The model's field, and the names of the places where each family may hold it. `~`: as a part of what stands there;
# `NAME:LABEL`: behind that label in one of several notes,
# with `_` for a blank. After btxdoc and the manual of BibLaTeX, appendix IV of CSL 1.0.2,
# Hayagriva's file format, and Reference Manager's tags. Of a volume CSL has the whole work's title in the place of its own.
SLOTS = """
title                 | title                              | title volume-title volume-title~ | title                        | TI T1
subtitle              | subtitle title~                    | title~ volume-title~         | title~                       | TI~
title-addon           | titleaddon                         | -                            | -                            | -
short-title           | shorttitle                         | title-short shortTitle volume-title-short | title.short                  | ST
original-title        | origtitle                          | original-title               | parent.title parent1.title parent2.title | OP
reviewed-title        | -                                  | reviewed-title               | -                            | RI
container-title       | journal journaltitle booktitle     | container-title volume-title volume-title~ | parent.title                 | T2 JF JO JA C3 A2
container-subtitle    | journalsubtitle booksubtitle journal~ booktitle~ | container-title~ volume-title~ | parent.title~              | T2~
container-title-addon | journaltitleaddon booktitleaddon   | -                            | -                            | -
container-short-title | shortjournal journal               | container-title-short journalAbbreviation | parent.title.short | J2 JA JO
main-title            | maintitle                          | title title~ container-title container-title~ | parent.parent.title parent.title parent.title~ parent.parent.title~ | -
main-subtitle         | mainsubtitle                       | title~ container-title~      | parent.parent.title~ parent.title~ | -
main-title-addon      | maintitleaddon                     | -                            | -                            | -
issue-title           | issuetitle                         | -                            | -                            | -
issue-subtitle        | issuesubtitle                      | -                            | -                            | -
issue-title-addon     | issuetitleaddon                    | -                            | -                            | -
volume-title          | -                                  | volume-title                 | -                            | -
series                | series                             | collection-title             | parent.parent.title parent.title | T3 T2
series-short          | shortseries                        | -                            | -                            | -
event-title           | eventtitle                         | event-title event            | parent1.title parent.title parent.parent.title | N1:Event T2
event-title-addon     | eventtitleaddon                    | -                            | -                            | -
abstract              | abstract                           | abstract                     | abstract                     | AB N2
note                  | note                               | note~                        | note~                        | N1~
addendum              | addendum                           | -                            | note~                        | N1:Addendum
annotation            | annote annotation                  | annote                       | -                            | RN
how-published         | howpublished                       | publisher                    | -                            | N1:How_published
genre                 | type                               | genre                        | genre                        | M3 VL
medium                | medium                             | medium                       | -                            | -
publication-state     | pubstate                           | status                       | -                            | -
library               | library                            | -                            | -                            | -
comment               | -                                  | -                            | note~                        | N1:Comment
journal-ref           | note addendum                      | -                            | note~                        | N1:Journal_reference
rights                | copyright license                  | -                            | -                            | -
dimensions            | dimensions                         | dimensions                   | -                            | -
scale                 | scale                              | scale                        | -                            | C1
references            | references                         | references                   | -                            | -
publisher             | publisher                          | publisher                    | publisher parent.publisher   | PB
place                 | address location                   | publisher-place jurisdiction | publisher.location location parent.publisher.location parent.location | CY PP
institution           | institution school                 | publisher                    | organization                 | PB
organization          | organization                       | publisher                    | organization parent.organization | -
event-place           | venue                              | event-place                  | location parent.location parent1.location parent.parent.location | N1:Event_place
original-publisher    | origpublisher                      | original-publisher           | parent.publisher parent1.publisher | -
original-place        | origlocation                       | original-publisher-place     | parent.publisher.location parent1.publisher.location | -
category              | primaryclass eprintclass           | keyword~ note~               | note~                        | KW~ N1~
keyword               | keywords                           | keyword~                     | -                            | KW
language              | language                           | language                     | language                     | LA
original-language     | origlanguage                       | -                            | -                            | -
volume                | volume                             | volume                       | volume parent.volume         | VL VO
issue                 | number issue                       | issue                        | issue parent.issue           | IS
number                | number                             | number collection-number     | serial-number.serial serial-number parent.volume parent.parent.volume | M1 SN IS
part                  | part                               | part                         | -                            | -
pages                 | pages                              | page                         | page-range                   | SP-EP
page-total            | pagetotal numpages                 | number-of-pages              | page-total                   | SP
pagination            | pagination                         | -                            | -                            | -
book-pagination       | bookpagination                     | -                            | -                            | -
chapter               | chapter                            | chapter-number               | chapter                      | SE
section               | section                            | section                      | -                            | SE
edition               | edition                            | edition                      | edition parent.edition       | ET
volumes               | volumes                            | number-of-volumes            | volume-total parent.volume-total | NV
article-number        | eid articleno                      | number                       | serial-number.serial serial-number | C7
version               | version                            | version                      | serial-number.version serial-number.serial serial-number | ET
url                   | url howpublished                   | URL                          | url parent.url               | UR
call-number           | lccn call-number                   | call-number                  | call-number                  | CN
archive               | archive                            | archive                      | archive                      | DB
archive-location      | archive-location                   | archive_location             | archive-location             | AV
database              | database                           | source                       | -                            | DB
language-id           | langid                             | -                            | language                     | -
sort-key              | sortkey key                        | -                            | -                            | -
options               | options                            | -                            | -                            | -
file                  | file pdf                           | -                            | -                            | L1
journal-series        | series                             | collection-number collection-title | -                            | -
cross-reference       | crossref                           | -                            | -                            | -
key-aliases           | ids                                | -                            | -                            | -
issued                | date                               | issued                       | date parent.date             | DA PY Y1
submitted             | submitted                          | submitted                    | -                            | N1:Submitted
accessed              | urldate urlyear lastchecked        | accessed                     | url.date parent.url.date     | Y2
event                 | eventdate                          | event-date                   | parent.date parent1.date parent.parent.date | N1:Event_date
original              | origdate origyear                  | original-date                | parent.date parent1.date parent2.date | N1:Original_date
available             | available                          | available-date               | -                            | N1:Available
author                | author                             | author                       | author                       | AU A1
editor                | editor                             | editor                       | editor parent.editor         | A2 ED A3
editor-a              | editora                            | -                            | -                            | -
editor-b              | editorb                            | -                            | -                            | -
editor-c              | editorc                            | -                            | -                            | -
container-author      | bookauthor                         | container-author             | parent.author                | -
series-editor         | series-editor                      | collection-editor            | parent.editor parent.parent.editor | A3 A2
translator            | translator                         | translator                   | affiliated.translator        | A4
annotator             | annotator                          | -                            | affiliated.annotator         | -
commentator           | commentator                        | -                            | affiliated.commentator       | -
introduction          | introduction                       | -                            | affiliated.introduction      | -
foreword              | foreword                           | -                            | affiliated.foreword          | -
afterword             | afterword                          | -                            | affiliated.afterword         | -
holder                | holder                             | -                            | affiliated.holder            | -
director              | editor*                            | director                     | affiliated.director          | -
producer              | editor*                            | producer                     | affiliated.producer          | A3
compiler              | editor*                            | compiler                     | affiliated.compiler          | -
illustrator           | editor*                            | illustrator                  | affiliated.illustrator       | -
composer              | editor*                            | composer                     | affiliated.composer          | -
performer             | editor*                            | performer                    | affiliated.cast-member       | A2
interviewer           | editor*                            | interviewer                  | -                            | A2
recipient             | recipient                          | recipient                    | -                            | A2
reviewed-author       | -                                  | reviewed-author              | -                            | -
original-author       | -                                  | original-author              | -                            | -
curator               | editor*                            | curator                      | -                            | -
organizer             | editor*                            | organizer                    | affiliated.organizer         | -
narrator              | editor*                            | narrator                     | affiliated.narrator          | -
script-writer         | editor*                            | script-writer                | affiliated.writer            | -
guest                 | editor*                            | guest                        | -                            | -
host                  | editor*                            | host                         | -                            | -
contributor           | editor*                            | contributor                  | affiliated.collaborator      | A3
arxiv                 | eprint url~ note~ howpublished~ journal~ journaltitle~ number~ doi~ volume~ | number~ note~ URL~ DOI~ container-title~ volume~ page~ archive_location~ arxiv | serial-number.arxiv serial-number.serial~ serial-number~ url~ serial-number.doi~ parent.title~ parent.volume~ note~ | AN~ N1~ UR~ DO~ T2~ VL~ SP~ JF~
doi                   | doi                                | DOI                          | serial-number.doi            | DO N1:DOI L3 UR M3
isbn                  | isbn                               | ISBN                         | serial-number.isbn serial-number.isbn-2 parent.serial-number.isbn parent.serial-number.isbn-2 | SN
issn                  | issn                               | ISSN                         | serial-number.issn parent.serial-number.issn | SN
pmid                  | pmid eprint                        | PMID                         | serial-number.pmid           | N1:PMID
pmcid                 | pmcid                              | PMCID                        | serial-number.pmcid          | N1:PMCID
jstor                 | eprint                             | -                            | serial-number.jstor          | N1:JSTOR
google-books          | eprint                             | -                            | serial-number.google-books   | N1:Google_Books
handle                | eprint                             | -                            | serial-number.handle         | N1:Handle
mr-number             | mrnumber                           | -                            | serial-number.mr-number      | N1:MR_number
zbl                   | zblnumber zbl                      | -                            | serial-number.zbl            | N1:zbMATH
bibcode               | bibcode adsurl~                     | -                            | serial-number.bibcode        | N1:Bibcode
dblp                  | biburl~                            | -                            | serial-number.dblp           | N1:DBLP
report-number         | reportnumber                       | -                            | serial-number.report-number  | N1:Report_number
isrn                  | isrn                               | -                            | serial-number.isrn           | N1:ISRN
ismn                  | ismn                               | -                            | serial-number.ismn           | N1:ISMN
isan                  | isan                               | -                            | serial-number.isan           | N1:ISAN
iswc                  | iswc                               | -                            | serial-number.iswc           | N1:ISWC
"""
# The model's kind, and the words for it: BibTeX, BibLaTeX, CSL, Hayagriva (with the parent that it needs or, behind
# `?`, may have), RIS.
TYPES = """
preprint          | misc          | online        | article                | article            | GEN
journal-article   | article       | article       | article-journal        | article periodical | JOUR
magazine-article  | article       | article       | article-magazine       | article periodical | MGZN
newspaper-article | article       | article       | article-newspaper      | article newspaper  | NEWS
conference-paper  | inproceedings | inproceedings | paper-conference       | article proceedings | CPAPER CONF
proceedings       | proceedings   | proceedings   | book                   | proceedings        | CONF
book              | book          | book          | book                   | book               | BOOK
multi-volume-book | book          | mvbook        | book                   | book               | BOOK
chapter           | inbook incollection | inbook  | chapter                | chapter book       | CHAP
in-collection     | incollection  | incollection  | chapter                | anthos anthology   | CHAP
collection        | book          | collection    | book                   | anthology          | EDBOOK
booklet           | booklet       | booklet       | pamphlet               | book               | PAMP
reference-entry   | incollection  | inreference   | entry-encyclopedia     | entry reference    | ENCYC
dictionary-entry  | incollection  | inreference   | entry-dictionary       | entry reference    | DICT
reference         | book          | reference     | book                   | reference          | BOOK
doctoral-thesis   | phdthesis     | thesis phdthesis | thesis              | thesis             | THES
masters-thesis    | mastersthesis | thesis mastersthesis | thesis          | thesis             | THES
thesis            | phdthesis     | thesis        | thesis                 | thesis             | THES
report            | techreport    | report techreport | report             | report             | RPRT
manual            | manual        | manual        | book                   | reference          | BOOK
unpublished       | unpublished   | unpublished   | manuscript             | manuscript         | UNPB
periodical        | misc          | periodical    | periodical             | periodical         | JFULL
patent            | misc          | patent        | patent                 | patent             | PAT
standard          | misc          | standard      | standard               | report             | STAND
software          | misc          | software      | software               | repository         | COMP
dataset           | misc          | dataset       | dataset                | repository         | DATA
webpage           | misc          | online www electronic | webpage                | web                | ELEC
post              | misc          | online        | post                   | post ?web          | ELEC
blog-post         | misc          | online        | post-weblog            | article blog       | BLOG
speech            | misc          | unpublished   | speech                 | article conference | SLIDE
review            | article       | review        | review                 | article periodical | JOUR
letter            | misc          | letter        | personal_communication | misc               | PCOMM
interview         | misc          | misc          | interview              | misc               | PCOMM
video             | misc          | video         | motion_picture         | video              | VIDEO
audio             | misc          | audio         | song                   | audio              | SOUND
image             | misc          | image         | graphic                | artwork            | FIGURE
artwork           | misc          | artwork       | graphic                | artwork            | ART
performance       | misc          | performance   | performance            | performance        | GEN
map               | misc          | misc          | map                    | misc               | MAP
legislation       | misc          | legislation   | legislation            | legislation        | STAT
bill              | misc          | legislation   | bill                   | legislation        | BILL
legal-case        | misc          | jurisdiction  | legal_case             | case               | CASE
hearing           | misc          | jurisdiction  | hearing                | case               | HEAR
commentary        | misc          | commentary    | document               | misc               | GEN
misc              | misc          | misc          | document               | misc               | GEN
"""


def table(text):
    rows = (line.split("|") for line in text.strip().splitlines())
    return {row[0].strip(): [[name for name in cell.split() if name != "-"]
                             for cell in row[1:]] for row in rows}


SLOTS, TYPES = table(SLOTS), table(TYPES)
# What some formats say of a kind in a field; and the words that some have for every entry.
IMPLIED = {"": "anthology book original conference collaborator pubmed", "doctoral-thesis": "PhD thesis phdthesis", "masters-thesis": "Master’s thesis mastersthesis mathesis", "report": "techreport",
           "preprint": "prepublished"}
TYPE_COLUMNS = ("bibtex", "biblatex", "csl", "hayagriva", "ris")
# Fields whose characters count, not only letters and digits.
EXACT = {"volume", "issue", "number", "part", "pages", "page-total", "chapter", "section", "edition", "volumes",
         "article-number", "version", "url", "file", "options", "cross-reference", "key-aliases", "language-id"}
IDS = {name for name in list(SLOTS)[list(SLOTS).index("arxiv"):]}


# How values are compared


def letters(text):
    """Letters, digits and symbols with their case and accents."""
    text = re.sub(r"</?(?:i|b|sup|sub|em|strong|span)\b[^<>]*>", "", text)
    text = re.sub(r"\\[a-zA-Z]+(?=\b|_)|\^\w|_\w", lambda found: found[0].lstrip("\\^_"), text)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", text)).replace("\\", "")
    return "".join(char for char in text if unicodedata.category(char)[0] in "LNM" or char in "+=<>&%#@©°")


def exact(text):
    text = re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()
    return re.sub(r"\s?[-‐-―−]+\s?", "-", text)


def bare(number):
    """An identifier without its resolver, hyphens and case, which mean nothing."""
    return re.sub(r"^https?://(dx\.)?doi\.org/|^doi:|[-\s]", "", number.casefold())


def person(one, family):
    """A name by parts, as far as a family of formats tells them apart."""
    last, given, particle, dropping, suffix = (
        re.sub(r"[\s~\u00a0]+", " ", re.sub(r"[{}]", "", part).replace("’", "'")).strip().rstrip(",") for part in one)
    if family == "csl":
        return (last, given, particle, dropping, suffix)
    particle = f"{dropping} {particle}".strip()
    if family == "ris":
        return (re.sub(r"(?<=['-]) ", "", f"{particle} {last}".strip()), given, suffix)
    return (last, given, particle, suffix)


def calendar(date):
    """A date without time, marks of doubt and the mark of an open end."""
    date = re.sub(r"[?~%]|T[^/]*|/(\.\.)?$|-(XX|00)(?!\d)|^Y|^c(irca|a)?\.? ", "", date)
    return re.sub(r"(^|/)(-?)0+(?=\d)", r"\1\2", date)


def parts(value):
    """The strings of a value."""
    if isinstance(value, str):
        return [value]
    return [part for one in value for part in (one if isinstance(one, Person) else [one]) if part]


def same(field, wanted, held, family, whole):
    """Whether a value that is held in a place is the one that is wanted; `whole`, or a part of it."""
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], Person):
        held = held if isinstance(held, list) else [Person(held)]
        return all(isinstance(one, Person) for one in held) and \
            [person(one, family) for one in wanted] == [person(one, family) for one in held]
    if isinstance(wanted, Dated):
        return any(calendar(wanted) == calendar(one) for one in parts(held))
    fold = exact if field in EXACT or field in IDS else letters
    if field in IDS:
        words = [bare(word) for part in parts(held) for word in (part, *re.split(r"[\s;,]+", part))]
        return all(bare(one) in words or (not whole and any(bare(one) in word for word in words)) for one in wanted)
    if not whole or field.startswith("foreign."):
        held = "".join(fold(part) for part in parts(held))
        return all(fold(one) in held for one in parts(wanted))
    if isinstance(wanted, list):
        held = "".join(letters(part) for part in parts(held))
        return held in (letters("".join(wanted)), letters("and".join(wanted)))
    if field == "options":
        # biber gives them in an order of its own, another one each time.
        return any(sorted(one.split(",")) == sorted(wanted.split(",")) for one in parts(held))
    if field == "url":
        return any(one.rstrip("/") == wanted.rstrip("/") for one in parts(held))
    return any(fold(one) == fold(wanted) for one in [" ".join(parts(held)), *parts(held)])


def place(reading, name):
    """What a reading holds in a place of the table; none if nothing."""
    if name == "SP-EP":
        pages = [reading.values[tag] for tag in ("SP", "EP") if tag in reading.values]
        return "-".join(pages) if pages else None
    if re.match(r"[A-Z]\d:", name):
        tag, label = name.replace("_", " ").split(":")
        notes = [note[len(label) + 2:] for note in parts(reading.values.get(tag, [])) if note.startswith(f"{label}: ")]
        return notes or None
    return reading.values.get(name)


def tags_of(name):
    return ("SP", "EP") if name == "SP-EP" else (name.split(":")[0],)


def is_type(words, own, types, family):
    """Whether a program's words for the type are those of the kind, or the file's own that were kept."""
    if family != "hayagriva":
        return types[0] in [*words, *own]
    if len(words) < 2 or len(types) < 2:
        return types[0] in [words[0], *own] and (len(words) < 2 or words[1].startswith("?"))
    return types[0] in [words[0], *own] and types[1] in [words[1].lstrip("?"), *own]


def places(field, family):
    """The places where a family may hold a field of the model or a foreign value; and whether one of them must."""
    if not field.startswith("foreign."):
        names = SLOTS[field][COLUMNS.index(family)] if field in SLOTS else []
        editors = ["editor", "editora", "editorb", "editorc"] if "editor*" in names else []
        custom = [f"custom.{field}"] if family == "csl" else []
        return [*(name for name in names if name != "editor*"), *editors, *custom], True
    _, of, name = field.split(".", 2)
    if of != {"bib": "bibtex"}.get(family, family):
        return ([f"custom.{name}"] if family == "csl" else []), False
    # The words for the type and the key are compared as such; whole persons and parents are no values.
    if name in ("@", "type", "parent.type", "series.type", "TY", "ID", "parent") or name.endswith("affiliated"):
        return [], False
    below = {"series": ["parent.parent", "parent"], "event": ["parent1"], "event-title": ["parent.title", "parent1.title"]}.get(name.split(".")[0], [])
    names = [f"{path}.{name.split('.', 1)[1]}" for path in below] if "." in name else []
    return names or [name.lower() if family == "bib" else name], True


def holders(ours, field, wanted, held, family):
    """Which of the places that hold something hold the value that is wanted."""
    found = [name for name, value in held.items() if same(field, wanted, value, family, not name.endswith("~"))]
    subtitle = {"title": "subtitle", "container-title": "container-subtitle"}.get(field)
    if not found and subtitle in ours.values:
        # Where a format has one field for both, the subtitle stands behind the title.
        both = f"{wanted} {ours.values[subtitle]}"
        found = [name for name, value in held.items() if same(field, both, value, family, True)]
    if not found and field in IDS:
        # Several numbers of one scheme may stand in places of their own.
        several = [part for value in held.values() for part in parts(value)]
        found = list(held) if several and same(field, wanted, several, family, True) else []
    return found


def compare(ours, theirs, format, dropped=frozenset(), unread=frozenset()):
    """Yields what differs: the field, what bibmill has and what the program has. `unread`: what the program never keeps."""
    family = FAMILIES[format]
    # An entry without a key gets one; a number of a database is none.
    if theirs.key and "key" not in dropped and theirs.key not in (ours.key, *ours.values.get("foreign.ris.ID", [])):
        yield "key", ours.key, theirs.key
    kind = ours.types[0]
    # In a file of another's either dialect may have the other's words.
    words = sum(TYPES[kind][:2], []) if format == "bib" else \
        TYPES[kind][TYPE_COLUMNS.index(format if family == "bib" else family)]
    own = [ours.values.get(f"foreign.{of}", [""])[0] for of in ("bibtex.@", f"{family}.type", f"{family}.parent.type", "ris.TY")]
    if not is_type(words, own, theirs.types, family):
        yield "type", kind, " ".join(theirs.types)
    used = set()
    for field, wanted in ours.values.items():
        names, must = places(field, family)
        if family == "bib" and field.startswith("foreign."):
            wanted = [readings.untex(one) for one in wanted]
        held = {name: value for name in names if (value := place(theirs, name.rstrip("~")))}
        found = holders(ours, field, wanted, held, family)
        for name in found or held:
            used.update(tags_of(name.rstrip("~")))
        excused = field in dropped or not must or (field in unread and (not held or family == "csl"))
        if wanted and not found and not excused:
            yield field, shown(wanted), "; ".join(f"{name}={shown(value)}" for name, value in held.items()) or "nothing"
    yield from strangers(ours, theirs, used)


def strangers(ours, theirs, used):
    """Values that the program reads and bibmill does not have anywhere."""
    names = [*ours.values, ours.types[0], IMPLIED.get(ours.types[0], ""), IMPLIED[""], "arXiv" if "arxiv" in ours.values else ""]
    values = [part for value in ours.values.values() for part in parts(value)]
    everything, exactly = "\n".join(map(letters, [*names, *values])), "\n".join(map(exact, values))
    for name, value in theirs.values.items():
        if name in used or name == "parent.type":
            continue
        if isinstance(value, Dated) and all(number.lstrip("0") in everything for number in re.findall(r"\d+", value)):
            continue
        strange = [part for part in parts(value) if part and letters(part) not in everything and exact(part) not in exactly]
        if strange:
            yield name, "nothing", shown(strange)


def shown(value):
    if isinstance(value, str):
        return re.sub(r"\s+", " ", value)
    return "; ".join("|".join(one).rstrip("|") if isinstance(one, Person) else re.sub(r"\s+", " ", one) for one in value)


def aligned(ours, theirs):
    """Pairs of entries: by key, but in order where there are as many and the keys do not tell; and the keys of those
    that are alone."""
    known = {one.key: one for one in theirs}
    if len(ours) == len(theirs) and (len(known) < len(theirs) or {one.key for one in ours} != known.keys()):
        return list(zip(ours, theirs)), []
    pairs = [(one, known.pop(one.key)) for one in ours if one.key in known]
    alone = [(one.key, "an entry", "nothing") for one in ours if one.key not in {one.key for one in theirs}]
    return pairs, alone + [(key, "nothing", "an entry") for key in known]


# Files


class Programs:
    def __init__(self, arguments):
        self.bibmill = arguments.bibmill
        pandoc = lambda path: readings.pandoc(arguments.pandoc, path)  # noqa: E731
        self.all = {
            "bibtex": (["bibtex"], readings.bibtex),
            "pybtex": (["bibtex"], readings.pybtex),
            "biber": (["biblatex"], readings.biber),
            "pybtex-biblatex": (["biblatex"], readings.pybtex),
            "pandoc": (["csl-json"], pandoc),
            "citation-js": (["csl-json"], lambda path: readings.citation_js(arguments.citation_js, path)),
            "pandoc-yaml": (["csl-yaml"], pandoc),
            "hayagriva": (["hayagriva"], lambda path: readings.hayagriva(arguments.hayagriva, path)),
            "rispy": (["ris"], readings.rispy),
        }
        self.style = arguments.style
        if arguments.programs:
            self.all = {name: row for name, row in self.all.items() if name in arguments.programs.split(",")}

    def native(self, path, format):
        done = readings.run([self.bibmill, "convert", "-q", "--no-resolve", "--partial", "--from", format, "--to", "native",
                             path])
        return json.loads(done.stdout or "[]")

    def written(self, path, format, scratch):
        """What the programs read of what bibmill writes of a file."""
        # Keys once each: what programs do with repeated ones is no question of values.
        seen = set()
        entries = [one for one in self.native(path, format)
                   if not (one.get("key", "").lower() in seen or seen.add(one.get("key", "").lower()))]
        source = scratch / "source.json"
        source.write_text(json.dumps(entries), encoding="utf-8")
        ours = [readings.from_native(one) for one in entries]
        outputs = {}
        for program, ((target,), read) in self.all.items():
            if target not in outputs:
                # Keys that stand in the file would be kept.
                out = scratch / f"out-{target}.{EXTENSIONS[target]}"
                out.unlink(missing_ok=True)
                done = readings.run([self.bibmill, "convert", "--no-resolve", "--from", "native", "--to", target,
                                     "--message-format", "json", source, "-o", out])
                outputs[target] = out, dropped_fields(done.stderr)
            out, dropped = outputs[target]
            # What stands in CSL's `custom` pandoc does not keep.
            unread = custom_of(outputs["csl-json"][0]) if program.startswith("pandoc") and "csl-json" in outputs else {}
            yield from self.differences(program, read, out, ours, target, dropped, unread)
        if self.style and "bibtex" in outputs:
            has = {one.key: one.values.keys() for one in ours}
            for key, line in readings.plain_bst(self.style, outputs["bibtex"][0]):
                if not is_missing(line, has.get(key, ())):
                    yield "plain.bst", key, "warning", "", line

    def found(self, path, format):
        """What the programs and bibmill read of a file."""
        ours = [readings.from_native(one) for one in self.native(path, format)]
        for program, (formats, read) in self.all.items():
            # What biber reads of others' files .ci/biber.py compares.
            if program != "biber" and format in formats:
                yield from self.differences(program, read, path, ours, "bib" if FAMILIES[format] == "bib" else format, {}, {})

    def differences(self, program, read, path, ours, format, dropped, unread):
        try:
            theirs = read(path)
        except Exception as fault:  # A program that breaks is a finding; the others still run.
            yield program, "*", "file", f"{len(ours)} entries", str(fault).strip()[-200:]
            return
        pairs, alone = aligned(ours, theirs)
        for key, one, other in alone:
            yield program, key, "entry", one, other
        for one, other in pairs:
            # pybtex and BibTeX do not know the inheritance of BibLaTeX, which biber is asked for.
            inherits = program != "biber" and {"crossref", "xdata", "entryset"} & other.values.keys()
            missing = one.values.keys() if inherits else unread.get(one.key, ())
            for field, wanted, held in compare(one, other, format, dropped.get(one.key, ()), missing):
                yield program, one.key, field, wanted, held


def is_missing(warning, fields):
    """Whether a style only asks for what the entry does not have."""
    asked = re.match(r"Warning--(?:empty|to sort, need) (.*?) in ", warning)
    names = {"date" if name == "year" else name for name in re.findall("[a-z]+", asked[1])} if asked else set()
    return bool(asked) and not any(names & set(SLOTS[field][0]) for field in fields if field in SLOTS)


def dropped_fields(said):
    """Key -> the fields that the writer reported, foreign ones by their name."""
    found = {}
    for line in filter(None, said.splitlines()):
        one = json.loads(line)
        if one.get("rule") == "field-dropped":
            name = re.match(r"`(.*?)` of (\S+):", one["message"])
            field = f"foreign.{name[2]}.{name[1]}" if one["field"] == "field" and name else one["field"]
            found.setdefault(one.get("key") or "", set()).add(field)
    return found


def custom_of(path):
    """Key -> the fields that stand in CSL's `custom`."""
    found = {}
    for item in json.loads(path.read_text(encoding="utf-8") or "[]"):
        for name in item.get("custom", {}):
            found.setdefault(item.get("id", ""), set()).update((name, f"foreign.csl.custom.{name}"))
    return found


def judged_rows():
    """The rows of both tables: direction, program, file, key, field, what the program reads."""
    found, direction = [], ""
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        direction = {"## What we wrote": "written", "## What we found": "found"}.get(line, direction)
        cells = [cell.strip().strip("`").replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 6 and cells[0] not in ("program", "---"):
            found.append((direction, *cells[:5]))
    return found


def fits(row, direction, difference):
    program, name, key, field, _, reads = difference
    texts = (program, name, key, field)
    return row[0] == direction and re.search(row[5], reads) and all(
        any(fnmatch.fnmatchcase(text, one.strip()) for one in pattern.split(",")) for pattern, text in zip(row[1:5], texts))


def format_of(path):
    """The format of a file: by its folder, or by its name."""
    folder = path.resolve().parent.name
    by_name = {".bib": "biblatex", ".ris": "ris", ".json": "csl-json", ".yml": "hayagriva", ".yaml": "hayagriva"}
    return folder if folder in EXTENSIONS else by_name[path.suffix]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bibmill", default=ROOT / "target/debug/bibmill")
    arguments.add_argument("--pandoc", default="pandoc")
    arguments.add_argument("--citation-js", type=pathlib.Path)
    arguments.add_argument("--hayagriva", default="hayagriva")
    arguments.add_argument("--style", type=pathlib.Path, help="BibTeX's plain.bst: what it complains of is a difference too")
    arguments.add_argument("--only", choices=["written", "found"])
    arguments.add_argument("--programs")
    arguments.add_argument("--all", action="store_true", help="print the differences that are judged too")
    arguments.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = arguments.parse_args()
    files = arguments.files or sorted(
        path for format in EXTENSIONS for path in (ROOT / "fixtures" / format).iterdir()
        if not path.name.endswith((".native.json", ".findings.txt")))
    programs, judged, used, faults, total = Programs(arguments), judged_rows(), set(), 0, 0

    def of(path):
        """The differences of one file, each with its direction."""
        format, found = format_of(path), []
        with tempfile.TemporaryDirectory() as scratch:
            if arguments.only != "found":
                found += [("written", one) for one in programs.written(path, format, pathlib.Path(scratch))]
            if arguments.only != "written":
                found += [("found", one) for one in programs.found(path, format)]
        return found

    # The programs are processes of their own: threads are enough to keep the machine busy.
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, found in zip(files, pool.map(of, files)):
            name = f"{path.resolve().parent.name}/{path.name}"
            for direction, (program, *rest) in found:
                total += 1
                difference = (program, name, *rest)
                fitting = [at for at, row in enumerate(judged) if fits(row, direction, difference)]
                used.update(fitting)
                faults += not fitting
                if not fitting or arguments.all:
                    cells = (re.sub(r"\s+", " ", part)[:200] for part in difference)
                    print(f"{'' if fitting else 'UNJUDGED '}{direction} " + " | ".join(cells), flush=True)
    if not arguments.files:
        for at, row in enumerate(judged):
            was_asked = (arguments.only or row[0]) == row[0] and not arguments.programs and (
                arguments.style or row[1] != "plain.bst")
            if at not in used and was_asked:
                faults += 1
                print(f"no difference fits this row any more: {' | '.join(row)}")
    print(f"{len(files)} files, {total} differences, {faults} of them not judged")
    return 1 if faults else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUTF8", "1")
    # What a program says when it gives up, without the way there.
    os.environ["RUST_BACKTRACE"] = "0"
    sys.exit(main())
