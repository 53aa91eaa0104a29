#!/usr/bin/env python3
"""Compares what bibmill and biber read of `.bib` files: entries, types, and every field that either has, inherited ones too.

    .ci/biber.py [--program PATH] [--judged FILE]... [--keep FOLDER] FILE.bib|FOLDER...

Each file goes through `biber --tool --output-resolve` (Debian package `biber`) as BibLaTeXML, whose names are in parts and
whose inherited fields are filled in, and through `bibmill convert --to native`. Prints one line for each difference; a line
that stands in a file of judged differences, with its reason, is not printed. Exits 1 when a line was printed, or when
a judged line is no longer a difference. A judged line may end in `*`: whatever is behind that belongs to it.

What is compared: names in their parts, with prefixes that are dropped and the mark that a list goes on; dates with seasons,
doubt, times and both ends; texts, lists, pages, numbers and identifiers, by their letters and digits. Fields that the model
has no place for are looked up among those that are kept as written. What is said of arXiv stays where it stands
(`--keep-as-written`). biber 2.18 prints no comma-separated lists (`keywords`, `related`) in BibLaTeXML.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
SPACE = "{http://biblatex-biber.sourceforge.net/biblatexml}"

ROLES = {"author": "author", "editor": "editor", "translator": "translator", "bookauthor": "container-author",
         "editora": "editor-a", "editorb": "editor-b", "editorc": "editor-c", "annotator": "annotator",
         "commentator": "commentator", "introduction": "introduction", "foreword": "foreword", "afterword": "afterword",
         "holder": "holder"}
DATES = {"": "issued", "event": "event", "orig": "original", "url": "accessed"}
# biber's fields -> the model's; where there are several, the first that the entry has.
FIELDS = {
    "title": "title", "subtitle": "subtitle", "titleaddon": "title-addon", "shorttitle": "short-title",
    "origtitle": "original-title", "booktitle": "container-title", "booksubtitle": "container-subtitle",
    "booktitleaddon": "container-title-addon", "journaltitle": "container-title", "journalsubtitle": "container-subtitle",
    "journaltitleaddon": "container-title-addon", "shortjournal": "container-short-title", "maintitle": "main-title",
    "mainsubtitle": "main-subtitle", "maintitleaddon": "main-title-addon", "issuetitle": "issue-title",
    "issuesubtitle": "issue-subtitle", "issuetitleaddon": "issue-title-addon", "series": "series journal-series",
    "shortseries": "series-short", "eventtitle": "event-title", "eventtitleaddon": "event-title-addon",
    "abstract": "abstract", "note": "note", "addendum": "addendum", "annotation": "annotation",
    "howpublished": "how-published", "type": "genre", "pubstate": "publication-state", "library": "library",
    "venue": "event-place", "publisher": "publisher", "location": "place", "institution": "institution",
    "organization": "organization", "origpublisher": "original-publisher", "origlocation": "original-place",
    "language": "language", "origlanguage": "original-language",
    "volume": "volume", "volumes": "volumes", "number": "issue number", "issue": "issue", "part": "part", "pages": "pages",
    "pagetotal": "page-total", "pagination": "pagination", "bookpagination": "book-pagination", "chapter": "chapter",
    "edition": "edition", "eid": "article-number", "version": "version", "url": "url", "langid": "language-id",
    "sortkey": "sort-key", "file": "file", "ids": "key-aliases",
    "doi": "doi", "isbn": "isbn", "issn": "issn", "isrn": "isrn", "ismn": "ismn", "isan": "isan", "iswc": "iswc",
}
EPRINTS = {"arxiv": "arxiv", "jstor": "jstor", "pubmed": "pmid", "hdl": "handle", "googlebooks": "google-books"}
# What BibLaTeX calls a type -> the model's kind; where the model has none, it keeps the word.
TYPES = {"article": "journal-article", "book": "book", "mvbook": "multi-volume-book", "inbook": "chapter",
         "booklet": "booklet", "collection": "collection", "incollection": "in-collection", "manual": "manual",
         "online": "webpage", "patent": "patent", "periodical": "periodical", "proceedings": "proceedings",
         "inproceedings": "conference-paper", "reference": "reference", "inreference": "reference-entry",
         "report": "report", "software": "software", "thesis": "thesis", "unpublished": "unpublished", "misc": "misc",
         "dataset": "dataset", "review": "review", "letter": "letter", "image": "image", "audio": "audio",
         "video": "video", "standard": "standard", "legislation": "legislation", "jurisdiction": "legal-case",
         "commentary": "commentary", "artwork": "artwork", "performance": "performance"}
# Kinds of the model that are a type and something beside it.
NARROWER = {"doctoral-thesis": "thesis", "masters-thesis": "thesis", "magazine-article": "article", "newspaper-article": "article",
            "post": "online", "speech": "unpublished", "interview": "misc", "map": "misc", "preprint": "online"}
# Options are printed as biber has taken them in, comma-separated lists not at all; the parent's key is resolved.
NOT_COMPARED = {"options", "crossref", "keywords", "related", "entryset", "relatedoptions"}
BIBTEX_NAMES = {"location": "address", "institution": "school", "annotation": "annote", "eprinttype": "archiveprefix",
                "journaltitle": "journal", "eprintclass": "primaryclass", "sortkey": "key", "file": "pdf"}
TWINS = {"booktitle": "journaltitle", "booksubtitle": "journalsubtitle", "booktitleaddon": "journaltitleaddon",
         "issue": "number", "isbn": "issn"}
TWINS.update({there: here for here, there in TWINS.items()})
# What TeX's commands for letters and signs are in the texts that bibmill keeps as written.
LETTERS = {"ae": "æ", "oe": "œ", "AE": "Æ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "psqq": "sqq", "psq": "sq"}


def folded(text):
    """What is left of a text when TeX's markup, case and accents do not count."""
    text = re.sub(r"\\(La)?TeX\b", r"\1TeX", text)
    text = re.sub(r"\\([A-Za-z]+)\s*|\\.", lambda found: LETTERS.get(found[1], ""), text)
    text = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("ȷ", "j"))
    return "".join(char for char in text.casefold() if char.isalnum())


def without_resolver(doi):
    return re.sub(r"^https?://(dx\.)?doi\.org/", "", doi.strip())


def words(text):
    """The words of a list of names in any order, for names that one side keeps as written."""
    return " ".join(sorted(folded(word) for word in re.split(r"[\s,~]+|\band\b", text) if folded(word)))


def plain(value):
    """A text of the native dump without its markup."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(f"${part}$" if name == "math" else plain(part) for name, part in value.items())
    return "".join(plain(part) for part in value)


# What biber reads


def from_biber(path, keep):
    """The entries in biber's view, and whether it printed anything. It may be kept by the file's name and contents."""
    content = path.read_bytes()
    name = hashlib.sha256(path.name.encode() + b"\0" + content).hexdigest() + ".xml"
    if keep and (keep / name).is_file():
        printed = (keep / name).read_bytes()
    else:
        printed = run_biber(path)
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / name).write_bytes(printed)
    try:
        root = ElementTree.fromstring(printed)
    except ElementTree.ParseError:
        return None  # It stopped before or while writing.
    entries = root.iter(f"{SPACE}entry")
    return {entry.get("id"): biber_entry(entry) for entry in entries if entry.get("entrytype") != "xdata"}


def run_biber(path):
    # In a folder of its own, because biber writes a schema beside the input.
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        output = folder / "out.xml"
        shutil.copy(path, folder / path.name)
        subprocess.run(["biber", "--tool", "--output-resolve", "--output-format=biblatexml", "--nolog", "--nodieonerror",
                        "-q", "-q", path.name, "-O", output.name], cwd=folder, stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=600, check=False)
        return output.read_bytes() if output.is_file() else b""


def biber_entry(element):
    entry = {"type": element.get("entrytype")}
    for child in element:
        name = child.tag.removeprefix(SPACE)
        text = "".join(child.itertext())
        if name == "names" and child.get("type") in ROLES:
            entry["people " + ROLES[child.get("type")]] = biber_names(child)
        elif name == "names":
            entry["kept " + child.get("type")] = words(" ".join(part.text or "" for part in child.iter()))
        elif name == "date" and child.get("type", "") in DATES:
            entry["date " + DATES[child.get("type", "")]] = biber_date(child)
        elif name not in NOT_COMPARED and child.get("xdata"):
            entry["field " + name] = folded("xdata=" + child.get("xdata"))
        elif name == "annotation" and child.get("field"):
            entry[annotation(child.get("field"), child.get("name"), child.get("item"), child.get("part"))] = folded(text)
        elif name == "ids":
            entry["field ids"] = " ".join(sorted(folded(item.text or "") for item in child.iter(f"{SPACE}item")))
        elif name == "doi":
            entry["field doi"] = folded(without_resolver(text))
        elif name not in NOT_COMPARED:
            items = [one_item(item) for item in child.iter(f"{SPACE}item")] or [text]
            more = ["others"] if child.get("morelist") == "1" else []
            entry["field " + name] = " ".join(folded(item) for item in items + more)
    return entry


def one_item(item):
    return "–".join(part for part in item.itertext() if part.strip())


def biber_names(element):
    options = element.attrib
    names = []
    for one in element.iter(f"{SPACE}name"):
        if one.get("xdata"):
            names.append((folded("xdata=" + one.get("xdata")), "", "", ""))
            continue
        parts = {part.get("type"): " ".join(part.itertext()) for part in one if part.get("type")}
        name = [folded(parts.get(part, "")) for part in ("family", "given", "prefix", "suffix")]
        if name[2] and one.get("useprefix", options.get("useprefix")) == "false":
            name[2] += " dropped"
        names.append(tuple(name))
    return names + (["others"] if element.get("morenames") == "1" else [])


def annotation(field, name, item, part):
    where = ":".join(str(one) for one in (item, part) if one)
    return f"annotation {field} {name or 'default'} {where}".rstrip()


def biber_date(element):
    start, end = element.find(f"{SPACE}start"), element.find(f"{SPACE}end")
    if start is None and end is None:
        return marked(element.text or "")
    return marked(start.text or "") + "/" + marked(end.text or "" if end is not None else "")


def marked(date):
    """A date with its mark of doubt at the end, where EDTF has it, and without leading zeros of the year."""
    found = re.fullmatch(r"(-?\d+)([?~%])(.*)", date)
    date = found[1] + found[3] + found[2] if found else date
    return re.sub(r"^(-?)0+(?=\d{3})", r"\1", date)


# What bibmill reads


def from_bibmill(path, program):
    done = subprocess.run([program, "convert", path, "--from", "biblatex", "--to", "native", "--no-resolve", "--keep-as-written",
                           "--quiet"],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
    if done.returncode != 0:
        return None
    entries = {}
    for entry in json.loads(done.stdout):
        entries.setdefault(entry.get("key", ""), our_entry(entry))
    return entries


def our_entry(native):
    """The entry by biber's names: a field of the model, or one that is kept as written."""
    kept = {one["name"].lower(): one["value"] for one in reversed(native.get("foreign", []))}
    entry = {"type": our_type(native, kept)}
    for person in native.get("people", []):
        (role, name), = person.items()
        entry.setdefault(f"people {role}", []).append(our_name(name))
    for field in DATES.values():
        if field in native:
            entry[f"date {field}"] = our_date(native[field])
    in_periodical = entry["type"] in ("article", "review", "suppperiodical")
    for name, fields in FIELDS.items():
        if name in TWINS and fields.startswith("container") and name.startswith("journal") != in_periodical:
            continue
        found = [field for field in fields.split() if field in native]
        value = native[found[0]] if found else None
        ids = [one[name] for one in native.get("ids", []) if name in one]
        if ids:
            value = " ".join(ids)
        if name == "ids" and value is not None:
            entry["field ids"] = " ".join(sorted(folded(one) for one in value.split(",")))
        elif value is not None:
            entry[f"field {name}"] = list_of(value) if found and found[0] in LISTS else folded(plain(value))
    entry.update(eprint(native))
    entry.update(annotations(kept))
    entry["kept"] = kept
    return entry


LISTS = {"event-place", "publisher", "place", "institution", "organization", "original-publisher", "original-place",
         "language", "original-language"}


def list_of(value):
    return " ".join(folded(plain(item)) for item in value)


def our_type(native, kept):
    if "@" in kept:
        return kept["@"]
    kind = native["kind"]
    return NARROWER.get(kind) or next((word for word, other in TYPES.items() if other == kind), kind)


def annotations(kept):
    """What is said of values, with the mark that biber looks for unless told (`author+an`)."""
    found = {}
    for name, value in kept.items():
        parts = re.fullmatch(r"(.*)\+an(?::(.*))?", name)
        for item in value.split(";") if parts else []:
            where, _, what = item.strip().partition("=")
            item, _, part = where.partition(":")
            found[annotation(parts[1], parts[2], item, part)] = folded(what)
    return found


def eprint(native):
    of_class = {"field eprintclass": folded(plain(native["category"][0]))} if "category" in native else {}
    for name, scheme in EPRINTS.items():
        for one in native.get("ids", []):
            if scheme in one:
                fields = {"field eprint": folded(one[scheme]) if isinstance(one[scheme], str) else "", "field eprinttype": name}
                return fields | (of_class if name == "arxiv" else {})
    return of_class


def our_name(name):
    if isinstance(name, str):
        return folded(name), "", "", ""
    if isinstance(name, list):
        return folded(name[0]), folded(name[1]), "", ""
    if name.get("others"):
        return "others"
    prefix = folded(name.get("particle", "") + name.get("dropping-particle", ""))
    prefix += " dropped" if "dropping-particle" in name else ""
    return folded(name.get("family", "")), folded(name.get("given", "")), prefix, folded(name.get("suffix", ""))


def our_date(value):
    """A date in the words of BibLaTeXML, which has no doubt about the end of a range, and no mark of one that is open."""
    if not isinstance(value, str):
        return value.get("written") or json.dumps(value, ensure_ascii=False)
    bounds = [re.sub(r"^(-?)0+(?=\d{3})|^\.\.$", r"\1", bound) for bound in value.split("/")]
    if len(bounds) == 2:
        bounds[1] = re.sub(r"[?~%]$", "", bounds[1])
    return "/".join(bounds)


# The comparison


def differences(path, program, keep):
    theirs, ours = from_biber(path, keep), from_bibmill(path, program)
    if theirs is None or ours is None:
        yield f"{path.name}: {'biber' if theirs is None else 'bibmill'} reads nothing"
        return
    for key in sorted({*theirs, *ours}):
        if key not in ours or key not in theirs:
            yield f"{path.name}: {key}: only {'biber' if key in theirs else 'bibmill'} has the entry"
            continue
        for field, one, other in compared(ours[key], theirs[key]):
            yield f"{path.name}: {key}: {field}: {shown(one, other)} here, {shown(other, one)} in biber"


def compared(ours, theirs):
    """The fields in which two readings of an entry differ."""
    kept = ours["kept"]
    for field in sorted({*theirs, *ours} - {"kept"}):
        name = field.split(" ")[-1]
        one, other = ours.get(field), theirs.get(field)
        if one is None and field.startswith("kept "):
            one = words(kept.get(name, "")) or None
        elif one is None and field.startswith("field ") and kept_value(kept, name) is not None:
            one = folded(without_resolver(kept_value(kept, name)))
        if same(name, one, other) or is_implied(field, other, theirs) or is_elsewhere(field, one, other, ours, theirs):
            continue
        yield field, one, other


def kept_value(kept, name):
    """A field that is kept as written, also under the name that BibTeX has for it; the items of a list one behind the other."""
    value = next((kept[one] for one in (name, BIBTEX_NAMES.get(name)) if one in kept), None)
    return re.sub(r"\band\b", " ", value) if value and name.startswith("list") else value


def same(name, one, other):
    """Whether two values are equal. Where lists part counts for those of places, people and publishers only."""
    is_text = isinstance(one, str) and isinstance(other, str)
    if is_text and FIELDS.get(name) not in LISTS:
        return one.replace(" ", "") == other.replace(" ", "")
    return one == other


def is_implied(field, value, theirs):
    """What the model says by the kind or the role alone."""
    if field == "field type":  # Of a thesis or a report, where biber's map of BibTeX's types has put it.
        return theirs["type"] in ("thesis", "report") and value in ("phdthesis", "mathesis", "techreport")
    if field == "field entrysubtype":
        return value in ("newspaper", "magazine")
    return field.startswith("field editor") and field.endswith("type")


def is_elsewhere(field, one, other, ours, theirs):
    """Whether a value stands under the other name of its field, or a number under the name of what it is."""
    twin = "field " + TWINS.get(field.split(" ")[-1], "")
    return one is None and ours.get(twin) == other or other is None and theirs.get(twin) == one


def shown(value, other):
    """A value for people; of a long one what stands round the first difference."""
    if isinstance(value, list):
        return "; ".join(name if isinstance(name, str) else "|".join(name).rstrip("|") for name in value)
    if value is None or len(value) <= 60:
        return "nothing" if value is None else value
    at = len(os.path.commonprefix([value, other or ""]))
    return ("…" if at > 20 else "") + value[max(at - 20, 0):][:60]


def judged_lines(paths):
    """The lines that are known, each behind a reason in a line that begins with `#`."""
    lines = [line for path in paths if path.is_file() for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line.strip() and not line.startswith("#")]


def is_judged(line, judged):
    return line.startswith(judged[:-1]) if judged.endswith("*") else line == judged


def bib_files(paths):
    for path in paths:
        yield from sorted(path.rglob("*.bib")) if path.is_dir() else [path]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--program", default=ROOT / "target/debug/bibmill", type=pathlib.Path)
    arguments.add_argument("--judged", action="append", type=pathlib.Path, help="default: fixtures/differences/biber.txt")
    arguments.add_argument("--keep", type=pathlib.Path, help="keep what biber prints in this folder, and take it from there")
    arguments.add_argument("paths", nargs="+", type=pathlib.Path)
    arguments = arguments.parse_args()
    known = judged_lines(arguments.judged or [ROOT / "fixtures/differences/biber.txt"])
    files = list(bib_files(arguments.paths))
    seen, new = set(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        for lines in workers.map(lambda path: list(differences(path, arguments.program, arguments.keep)), files):
            for line in lines:
                seen.add(line)
                if not any(is_judged(line, one) for one in known):
                    new += 1
                    print(line)
    names = {path.name for path in files}
    known = [one for one in known if one.split(":")[0] in names]
    gone = [one for one in known if not any(is_judged(line, one) for line in seen)]
    for line in gone:
        print(f"no difference any more: {line}")
    print(f"{len(files)} files, {len(seen)} differences, {len(seen) - new} of them judged", file=sys.stderr)
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())
