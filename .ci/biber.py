#!/usr/bin/env python3
"""Compares what bibmill and biber read of `.bib` files: entries, names, dates, and what entries inherit.

    .ci/biber.py [--program PATH] [--judged FILE] FILE.bib...

Each file goes through `biber --tool --output-resolve` (Debian package `biber`) as BibLaTeXML, whose names are in parts and
whose inherited fields are filled in, and through `bibmill convert --to native`. Prints one line for each difference; a line
that stands in the file of judged differences, with its reason, is not printed. Exits 1 when a line was printed, or when
a judged line is no longer a difference.
"""

import argparse
import json
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
# Fields that entries inherit and that both sides have as one text.
TEXTS = {"title": "title", "subtitle": "subtitle", "titleaddon": "title-addon", "booktitle": "container-title",
         "booksubtitle": "container-subtitle", "journaltitle": "container-title", "journalsubtitle": "container-subtitle", "maintitle": "main-title",
         "mainsubtitle": "main-subtitle", "note": "note", "eventtitle": "event-title",
         "volume": "volume", "volumes": "volumes", "edition": "edition", "url": "url"}
LISTS = {"venue": "event-place", "publisher": "publisher", "location": "place", "institution": "institution", "organization": "organization"}


def folded(text):
    """What is left of a text when TeX's markup, case and accents do not count."""
    text = re.sub(r"\\(La)?TeX\b", r"\1TeX", text)
    text = re.sub(r"\\[A-Za-z]+\s*|\\.", "", text)
    text = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("ȷ", "j"))
    return "".join(char for char in text.casefold() if char.isalnum())


def plain(value):
    """A text of the native dump without its markup."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(f"${part}$" if name == "math" else plain(part) for name, part in value.items())
    return "".join(plain(part) for part in value)


# What biber reads


def from_biber(path, folder):
    output = folder / "out.xml"
    output.unlink(missing_ok=True)
    # In a folder of its own, because biber writes a schema beside the input.
    copy = folder / path.name
    shutil.copy(path, copy)
    subprocess.run(["biber", "--tool", "--output-resolve", "--output-format=biblatexml", "--nolog", "--nodieonerror",
                    "-q", "-q", copy.name, "-O", output.name], cwd=folder, stdin=subprocess.DEVNULL,
                   capture_output=True, timeout=300, check=False)
    if not output.is_file():
        return None
    entries = {}
    try:
        root = ElementTree.parse(output).getroot()
    except ElementTree.ParseError:
        return None  # It stopped while writing.
    for element in root.iter(f"{SPACE}entry"):
        if element.get("entrytype") != "xdata":
            entries[element.get("id")] = biber_entry(element)
    return entries


def biber_entry(element):
    entry = {}
    for child in element:
        name = child.tag.removeprefix(SPACE)
        if name == "names" and child.get("type") in ROLES:
            entry["people " + ROLES[child.get("type")]] = [biber_name(one) for one in child.iter(f"{SPACE}name")]
            if child.get("morenames") == "1":
                entry["people " + ROLES[child.get("type")]].append("others")
        elif name == "date" and child.get("type", "") in DATES:
            entry["date " + DATES[child.get("type", "")]] = biber_date(child)
        elif name in TEXTS:
            entry["field " + TEXTS[name]] = folded("".join(child.itertext()))
        elif name in LISTS:
            items = [item.text or "" for item in child.iter(f"{SPACE}item")] or ["".join(child.itertext())]
            entry["field " + LISTS[name]] = folded(" ".join(items))
    return entry


def biber_name(element):
    parts = {part.get("type"): "".join(part.itertext()) for part in element.iter(f"{SPACE}namepart")}
    return tuple(folded(parts.get(part, "")) for part in ("family", "given", "prefix", "suffix"))


def biber_date(element):
    start, end = element.find(f"{SPACE}start"), element.find(f"{SPACE}end")
    if start is None and end is None:
        return written(element.text or "")
    return written("/".join("" if bound is None else bound.text or "" for bound in (start, end)))


def written(date):
    """A calendar date without leading zeros, marks of doubt, time and the mark of an open end, which biber leaves out."""
    return re.sub(r"[?~%]|T[^/]*|\.\.|(?<![0-9])0+(?=[0-9]{3})", "", date)


# What bibmill reads


def from_bibmill(path, program):
    done = subprocess.run([program, "convert", path, "--from", "biblatex", "--to", "native", "--no-resolve", "--quiet"],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
    if done.returncode != 0:
        return None
    entries = {}
    for entry in json.loads(done.stdout):
        entries.setdefault(entry["key"], our_entry(entry))
    return entries


def our_entry(native):
    entry = {}
    for person in native.get("people", []):
        (role, name), = person.items()
        entry.setdefault(f"people {role}", []).append(our_name(name))
    for field in DATES.values():
        if field in native:
            entry[f"date {field}"] = our_date(native[field])
    for field in {*TEXTS.values(), *LISTS.values()}:
        if field in native:
            value = native[field]
            value = " ".join(map(plain, value)) if field in LISTS.values() else plain(value)
            entry[f"field {field}"] = folded(value)
    return entry


def our_name(name):
    if isinstance(name, str):
        return folded(name), "", "", ""
    if isinstance(name, list):
        return folded(name[0]), folded(name[1]), "", ""
    if name.get("others"):
        return "others"
    prefix = name.get("particle", "") + name.get("dropping-particle", "")
    return tuple(map(folded, (name.get("family", ""), name.get("given", ""), prefix, name.get("suffix", ""))))


def our_date(value):
    if isinstance(value, str):
        return written(value)
    return value.get("written") or json.dumps(value, ensure_ascii=False)


def differences(path, program, folder):
    theirs, ours = from_biber(path, folder), from_bibmill(path, program)
    if theirs is None or ours is None:
        yield f"{path.name}: {'biber' if theirs is None else 'bibmill'} reads nothing"
        return
    for key in sorted({*theirs, *ours}):
        if key not in ours or key not in theirs:
            yield f"{path.name}: {key}: only {'biber' if key in theirs else 'bibmill'} has the entry"
            continue
        for field in sorted({*theirs[key], *ours[key]}):
            one, other = ours[key].get(field), theirs[key].get(field)
            if one != other:
                yield f"{path.name}: {key}: {field}: {shown(one)} here, {shown(other)} in biber"


def shown(value):
    if isinstance(value, list):
        return "; ".join(name if isinstance(name, str) else "|".join(name).rstrip("|") for name in value)
    return "nothing" if value is None else value[:60]


def judged_lines(path):
    """The lines that are known, each behind a reason in a line that begins with `#`."""
    lines = path.read_text(encoding="utf-8").splitlines() if path and path.is_file() else []
    return [line for line in lines if line.strip() and not line.startswith("#")]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--program", default=ROOT / "target/debug/bibmill", type=pathlib.Path)
    arguments.add_argument("--judged", default=ROOT / "fixtures/differences/biber.txt", type=pathlib.Path)
    arguments.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = arguments.parse_args()
    known, names, new, seen = judged_lines(arguments.judged), set(), 0, set()
    with tempfile.TemporaryDirectory() as folder:
        for path in arguments.files:
            names.add(path.name)
            for line in differences(path, arguments.program, pathlib.Path(folder)):
                seen.add(line)
                if line not in known:
                    new += 1
                    print(line)
    gone = [line for line in known if line not in seen and line.split(":")[0] in names]
    for line in gone:
        print(f"no difference any more: {line}")
    print(f"{len(arguments.files)} files, {len(seen)} differences, {len(seen) - new} of them judged", file=sys.stderr)
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())
