"""Lets foreign programs read every fixture in every format that we write, and compares what they read value by value.

    .ci/foreign.py --bibmill BIBMILL --pandoc PANDOC --citation-js FOLDER --hayagriva HAYAGRIVA [FILE...]

The truth is the native dump of what was read of a file; a field that the writer reported as dropped is not compared. Letters
and digits count, in any case: markup, quotes and dashes are the formats' own. Known misreadings of the programs stand in
fixtures/differences/foreign.md with their reasons; one that is not there, and one that does not happen any more, is an error.
Readers: pybtex (BibTeX), biber (BibLaTeX), pandoc and citation-js (CSL-JSON), pandoc (CSL-YAML), hayagriva (Hayagriva YAML),
rispy (RIS).
"""

import argparse
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
JUDGED = ROOT / "fixtures/differences/foreign.md"
FORMATS = {"bibtex": "bib", "biblatex": "bib", "csl-json": "json", "csl-yaml": "yaml", "hayagriva": "yaml", "ris": "ris"}
# Native field -> the names that it has in .bib files, in CSL, in RIS (as rispy calls them).
FIELDS = {
    "title": ("title", "title", "title"),
    "container-title": ("journal journaltitle booktitle", "container-title", "secondary_title"),
    "series": ("series", "collection-title", "tertiary_title"),
    "volume": ("volume", "volume", "volume"),
    "issue": ("number issue", "issue", "number"),
    "pages": ("pages", "page", None),
    "edition": ("edition", "edition", "edition"),
    "url": ("url", "URL", "urls"),
    "abstract": ("abstract", "abstract", "abstract"),
    "publisher": ("publisher", "publisher", "publisher"),
    "doi": ("doi", "DOI", "doi"),
    "author": ("author", "author", "authors"),
    "editor": ("editor", "editor", "secondary_authors"),
    "year": ("year date", "issued", "year"),
}


def run(command, **options):
    try:
        return subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True,
                              encoding="utf-8", errors="replace", timeout=120, **options)
    except (OSError, subprocess.TimeoutExpired) as fault:
        return subprocess.CompletedProcess(command, 127, "", str(fault))


def folded(value):
    """Letters and digits in lower case, TeX commands, braces and tags taken off."""
    text = re.sub(r"<[^<>]*>", "", str(value))
    text = re.sub(r"\\[a-zA-Z]+\s*|\\.", "", text)
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if char.isalnum())


def text_of(value):
    """A value of the native dump as characters."""
    if isinstance(value, list):
        return " ".join(text_of(part) for part in value)
    if isinstance(value, dict):
        return " ".join(text_of(part) for part in value.values())
    return str(value)


def person(value):
    """A person of the native dump: all parts together, in no order."""
    if isinstance(value, dict):
        return "" if value.get("others") else sorted_letters(" ".join(str(part) for part in value.values()))
    return sorted_letters(" ".join(value) if isinstance(value, list) else value)


def sorted_letters(text):
    """The letters of a name whatever the order of its parts."""
    return "".join(sorted(folded(text)))


def truth(entry):
    found = {}
    for field in FIELDS:
        if field in ("author", "editor"):
            people = [person(one[field]) for one in entry.get("people", []) if field in one]
            people = [one for one in people if one]
            if people:
                found[field] = people
        elif field == "doi":
            dois = [one["doi"] for one in entry.get("ids", []) if "doi" in one]
            if dois:
                found[field] = folded(dois[0])
        elif field == "year":
            date = re.match(r"-?\d{4}", entry["issued"]) if isinstance(entry.get("issued"), str) else None
            if date and "/" not in entry["issued"] and not entry["issued"].startswith("-"):
                found[field] = str(int(date[0]))
        elif field == "publisher":
            if isinstance(entry.get(field), list) and len(entry[field]) == 1:
                found[field] = folded(text_of(entry[field]))
        elif field in entry:
            found[field] = folded(text_of(entry[field]))
    return found


def first(mapping, names):
    return next((mapping[name] for name in names.split() if mapping.get(name)), None)


def read_bib(path):
    """Entries of a .bib file as pybtex reads it."""
    import pybtex.database
    found = []
    for key, entry in pybtex.database.parse_file(str(path), bib_format="bibtex").entries.items():
        fields = {name.lower(): value for name, value in entry.fields.items()}
        values = {field: folded(first(fields, names[0])) for field, names in FIELDS.items() if first(fields, names[0])}
        for role in ("author", "editor"):
            people = [str(one) for one in entry.persons.get(role, []) if str(one) != "others"]
            # biber writes extended names again as such.
            people = [re.sub(r"\b(family|given|prefix|suffix)=|useprefix=\w+", "", one) for one in people]
            if people:
                values[role] = [sorted_letters(one) for one in people]
        if "year" in values:
            year = re.search(r"\d{4}", first(fields, "year date"))
            values["year"] = str(int(year[0])) if year else ""
        found.append((key, values))
    return found


def read_biber(path):
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch) / "out.bib"
        done = run(["biber", "--tool", "--nolog", "--output-file", out, path], cwd=scratch)
        if done.returncode != 0:
            raise RuntimeError((done.stdout + done.stderr)[-300:])
        return read_bib(out)


def from_csl(items):
    found = []
    for item in items:
        values = {}
        if item.get("volume-title"):
            # CSL has the title of the work as a whole where the native dump has the volume's.
            item = {**item, "container-title" if "container-title" in item else "title": item["volume-title"]}
        for field, (_, name, _) in FIELDS.items():
            value = item.get(name)
            if not value:
                continue
            if field in ("author", "editor"):
                parts = ("literal", "family", "given", "suffix", "dropping-particle", "non-dropping-particle")
                values[field] = [sorted_letters(" ".join(str(one.get(part, "")) for part in parts)) for one in value]
            elif field == "year":
                parts = value.get("date-parts") or [[]]
                if parts[0]:
                    values[field] = str(parts[0][0])
            else:
                values[field] = folded(value)
        found.append((str(item.get("id")), values))
    return found


def read_pandoc(pandoc, path):
    command = [pandoc, "-t", "csljson"]
    command += ["--metadata-file", path, "-f", "markdown"] if path.suffix == ".yaml" else ["-f", "csljson", path]
    done = run(command)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-300:])
    return from_csl(json.loads(done.stdout))


CITATION_JS = """
const { Cite } = require('@citation-js/core'); require('@citation-js/plugin-csl');
const data = require('fs').readFileSync(process.argv[1], 'utf8');
console.log(JSON.stringify(new Cite(JSON.parse(data)).data));
"""


def read_citation_js(folder, path):
    done = run(["node", "-e", CITATION_JS, path], cwd=folder)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-300:])
    return from_csl(json.loads(done.stdout))


def read_rispy(path):
    import rispy
    with path.open(encoding="utf-8") as lines:
        records = rispy.load(lines)
    found = []
    for record in records:
        values = {}
        for field, (_, _, name) in FIELDS.items():
            value = record.get(name) if name else None
            if field in ("author", "editor") and value:
                values[field] = [sorted_letters(one) for one in value if one.strip(". ").lower() != "et al"]
            elif value:
                values[field] = folded(value[0] if isinstance(value, list) else value)
        found.append((record.get("id"), values))
    return found


def read_hayagriva(hayagriva, path):
    """What the program prints of each entry in a style: whether title and year are in it."""
    done = run([hayagriva, "--no-fmt", path, "reference", "--style", "chicago-author-date"])
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-300:])
    return [line for line in done.stdout.splitlines() if line.strip()]


def rows():
    found = []
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().strip("`").replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 6 and cells[0] not in ("program", "---"):
            found.append(cells)
    return found


def check(program, name, read, entries, dropped):
    """Compares what a program read with the truth, entry by entry in order."""
    if len(read) != len(entries):
        yield program, name, "*", "entries", str(len(entries)), str(len(read))
        return
    for at, ((_, values), entry) in enumerate(zip(read, entries)):
        for field, wanted in truth(entry).items():
            if field in dropped or (field == "year" and "issued" in dropped and field not in values):
                continue
            # Where a format has one field for both, the subtitle stands behind the title.
            subtitle = {"title": "subtitle", "container-title": "container-subtitle"}.get(field)
            if subtitle in entry and values.get(field) == wanted + folded(text_of(entry[subtitle])):
                continue
            if values.get(field) != wanted and FIELDS[field][2 if program == "rispy" else 0]:
                yield program, name, entry.get("key", str(at)), field, str(wanted), str(values.get(field))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bibmill", default=ROOT / "target/debug/bibmill")
    arguments.add_argument("--pandoc", default="pandoc")
    arguments.add_argument("--citation-js", type=pathlib.Path)
    arguments.add_argument("--hayagriva", default="hayagriva")
    arguments.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = arguments.parse_args()
    files = arguments.files or sorted(
        path for format in FORMATS for path in (ROOT / "fixtures" / format).iterdir()
        if not path.name.endswith((".native.json", ".findings.txt")))
    readers = {
        "pybtex": ("bibtex", read_bib),
        "biber": ("biblatex", read_biber),
        "pandoc": ("csl-json", lambda path: read_pandoc(arguments.pandoc, path)),
        "citation-js": ("csl-json", lambda path: read_citation_js(arguments.citation_js, path)),
        "pandoc-yaml": ("csl-yaml", lambda path: read_pandoc(arguments.pandoc, path)),
        "rispy": ("ris", read_rispy),
    }
    judged, used, faults, values = rows(), set(), 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        for path in files:
            name = f"{path.resolve().parent.name}/{path.name}"
            # Keys once each: what programs do with repeated ones is no question of values.
            native = run([arguments.bibmill, "convert", "-q", "--no-resolve", "--partial", "--from",
                          path.resolve().parent.name, "--to", "native", path])
            entries = json.loads(native.stdout or "[]")
            seen = set()
            entries = [one for one in entries
                       if not (one.get("key", "").lower() in seen or seen.add(one.get("key", "").lower()))]
            source = pathlib.Path(scratch) / "source.json"
            source.write_text(json.dumps(entries), encoding="utf-8")
            values += sum(len(truth(entry)) for entry in entries)
            found = []
            for program, (format, reader) in readers.items():
                out = pathlib.Path(scratch) / f"{path.stem}-{program}.{FORMATS[format]}"
                done = run([arguments.bibmill, "convert", "--no-resolve", "--from", "native", "--to", format,
                            "--message-format", "json", source, "-o", out])
                dropped = {one.get("field") for one in map(json.loads, filter(None, done.stderr.splitlines()))
                           if one.get("rule") == "field-dropped"}
                try:
                    found += check(program, name, reader(out), entries, dropped)
                except Exception as fault:  # A program that breaks is a finding; the others still run.
                    found.append((program, name, "*", "file", f"{len(entries)} entries", str(fault).strip()[-200:]))
            out = pathlib.Path(scratch) / f"{path.stem}-hayagriva.yaml"
            run([arguments.bibmill, "convert", "-q", "--no-resolve", "--from", "native", "--to", "hayagriva", source, "-o", out])
            try:
                lines = read_hayagriva(arguments.hayagriva, out)
                letters = folded(" ".join(lines))
                for entry in entries:
                    title = truth(entry).get("title", "")
                    if title and title not in letters:
                        found.append(("hayagriva", name, entry.get("key", ""), "title", title, "is not printed"))
            except Exception as fault:
                found.append(("hayagriva", name, "*", "file", f"{len(entries)} entries", str(fault).strip()[-200:]))
            for difference in found:
                row = next((at for at, row in enumerate(judged) if all(
                    any(fnmatch.fnmatchcase(value, one.strip()) for one in pattern.split(","))
                    for pattern, value in zip(row[:4], difference[:4])) and re.search(row[4], difference[5])), None)
                if row is None:
                    faults += 1
                    print("UNJUDGED " + " | ".join(re.sub(r"\s+", " ", part) for part in difference)[:420])
                else:
                    used.add(row)
    if not arguments.files:
        for at, row in enumerate(judged):
            if at not in used:
                faults += 1
                print(f"no difference fits this row any more: {' | '.join(row)}")
    print(f"{len(files)} files, {values} values each in {len(readers) + 1} programs, {faults} differences not judged")
    return 1 if faults else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUTF8", "1")
    sys.exit(main())
