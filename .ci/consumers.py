"""Asks foreign programs what they read in the outputs of the main job. Called by `consumers`, which installs them.

The CSL-JSON file is compared with the number of authors each paper has on arXiv; what the other programs read is then
compared with the CSL-JSON file, author by author.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAME = "jeff-dean-21"

# arXiv identifier -> number of authors in arXiv's own record, a group such as "Gemma Team" counted as one.
AUTHORS = {
    "2010.04116": 7, "2202.08906": 8, "2203.12533": 16, "2204.02311": 67, "2204.05149": 10,
    "2205.10937": 2, "2205.12755": 2, "2206.07682": 16, "2209.01667": 3, "2210.11416": 35,
    "2211.05102": 10, "2306.00008": 15, "2401.09718": 6, "2403.08295": 108, "2404.18416": 67,
    "2408.00118": 198, "2411.10053": 3, "2412.02730": 9, "2502.06786": 5, "2502.20346": 5,
    "2503.19786": 216,
}


class Failed(Exception):
    """What a consumer did not like, in one line."""


def expect(condition, reason):
    if not condition:
        raise Failed(reason)


def run(command, **options):
    """Runs a consumer and returns its exit code and what it said on either channel."""
    if shutil.which(str(command[0])) is None:
        raise Failed(f"{command[0]} is not installed")
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True,
                          encoding="utf-8", errors="replace", timeout=300, **options)
    return done.returncode, done.stdout, done.stderr


def first_lines(text, number=3):
    """The first lines of a long complaint, as one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    more = f" | … {len(lines) - number} more lines" if len(lines) > number else ""
    return " | ".join(line[:300] for line in lines[:number]) + more


# What is compared


def folded(text):
    """Letters, digits and dollars, in lower case: what is left when markup, quotes and dashes do not count."""
    text = re.sub(r"</?[a-z][^>]*>", "", text)
    text = unicodedata.normalize("NFKC", text)
    return "".join(char for char in text.casefold() if char.isalnum() or char == "$")


def name_of(author):
    """A name's letters, whichever of its parts a program puts them in, family name first."""
    if isinstance(author, str):
        return folded(author)
    order = ("literal", "dropping-particle", "non-dropping-particle", "family", "given", "suffix")
    return folded(" ".join(str(author[part]) for part in order if part in author))


def arxiv_id(doi):
    found = re.fullmatch(r"10\.48550/arXiv\.(.+)", str(doi))
    expect(found, f"not an arXiv DOI: {doi!r}")
    return found[1]


def compare(read, golden, *, date_parts=3):
    """Compares CSL items that a program read with those of the CSL-JSON file."""
    expect(isinstance(read, list), "not a list of entries")
    expect(len(read) == len(golden), f"{len(read)} entries read, {len(golden)} expected")
    for item, wanted in zip(read, golden):
        key = wanted["id"]
        expect(item.get("id") == key, f"id {item.get('id')!r}, expected {key!r}")
        compare_authors(key, item.get("author", []), wanted["author"])
        expect(folded(item.get("title", "")) == folded(wanted["title"]),
               f"{key}: title {item.get('title')!r}, expected {wanted['title']!r}")
        for field in ("DOI", "URL"):
            expect(item.get(field) == wanted[field], f"{key}: {field} {item.get(field)!r}, expected {wanted[field]!r}")
        date = item.get("issued", {}).get("date-parts", [[]])
        date = [[int(part) for part in day[:date_parts]] for day in date]
        wanted_date = [day[:date_parts] for day in wanted["issued"]["date-parts"]]
        expect(date == wanted_date, f"{key}: date {date}, expected {wanted_date}")


def compare_authors(key, read, wanted):
    expect(len(read) == len(wanted), f"{key}: {len(read)} authors read, {len(wanted)} expected")
    for place, (one, other) in enumerate(zip(read, wanted), start=1):
        expect(name_of(one) == name_of(other), f"{key}: author {place} is {one!r}, expected {other!r}")


# The consumers


class Consumers:
    def __init__(self, folder, cache):
        self.folder = folder
        self.cache = cache
        self.hayagriva = cache / "hayagriva" / "bin" / "hayagriva"

    def file(self, extension):
        path = self.folder / f"{NAME}.{extension}"
        expect(path.is_file(), f"{path} does not exist")
        return path

    def golden(self):
        return json.loads(self.file("csl.json").read_text(encoding="utf-8"))

    def csl_json_is_complete(self):
        golden = self.golden()
        counts = {arxiv_id(item.get("DOI")): len(item.get("author", [])) for item in golden}
        expect(len(golden) == len(AUTHORS), f"{len(golden)} entries, {len(AUTHORS)} expected")
        for identifier, number in AUTHORS.items():
            expect(identifier in counts, f"arXiv:{identifier} is missing")
            expect(counts[identifier] == number, f"arXiv:{identifier}: {counts[identifier]} authors, not {number}")
        expect(len({item["id"] for item in golden}) == len(golden), "two entries share a key")
        for item in golden:
            expect(item.get("URL") == f"https://arxiv.org/abs/{arxiv_id(item['DOI'])}", f"URL is {item.get('URL')!r}")
            expect(item.get("title") and item.get("issued"), f"{item['id']} has no title or no date")
        return f"{len(golden)} papers, {sum(counts.values())} authors"

    def csl_json_fits_schema(self):
        import jsonschema
        schema = json.loads((ROOT / "fixtures/schema/csl-data.json").read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        faults = list(jsonschema.Draft7Validator(schema).iter_errors(self.golden()))
        expect(not faults, "; ".join(f"{fault.json_path}: {fault.message}"[:200] for fault in faults[:3]))
        return "valid by csl-data.json of CSL 1.0.2"

    def biber(self, extension, *options):
        path = self.file(extension).resolve()
        with tempfile.TemporaryDirectory() as scratch:
            out = pathlib.Path(scratch) / "out.bib"
            code, said, errors = run(["biber", "--tool", "--nolog", *options, "--output-file", out, path], cwd=scratch)
            faults = [line for line in (said + errors).splitlines() if re.match(r"WARN|ERROR|FATAL", line)]
            expect(not faults, first_lines("\n".join(faults)))
            expect(code == 0, f"exit code {code}: {first_lines(errors or said)}")
            entries = re.findall(r"(?m)^@(?!comment|string|preamble)\w+\{", out.read_text(encoding="utf-8"), re.I)
            expect(len(entries) == len(AUTHORS), f"{len(entries)} entries written again, {len(AUTHORS)} expected")
        return f"{len(entries)} entries, no warning"

    def bibtex(self):
        path = self.file("bib")
        style = self.cache / "bibtex"
        expect((style / "plain.bst").is_file(), "plain.bst is not installed")
        with tempfile.TemporaryDirectory() as scratch:
            for source in (path, style / "plain.bst", style / "texmf.cnf"):
                shutil.copy(source, scratch)
            aux = "\\relax\n\\citation{*}\n\\bibstyle{plain}\n\\bibdata{%s}\n" % NAME
            (pathlib.Path(scratch) / "all.aux").write_text(aux)
            code, said, errors = run(["bibtex", "all"], cwd=scratch, env={**os.environ, "TEXMFCNF": scratch})
            faults = re.split(r"(?m)^Database file #1.*$", said, maxsplit=1)[-1].strip()
            expect(code == 0 and not faults and not errors.strip(), first_lines(errors + faults) or f"exit code {code}")
            items = (pathlib.Path(scratch) / "all.bbl").read_text(encoding="utf-8").count("\\bibitem")
            expect(items == len(AUTHORS), f"{items} entries set, {len(AUTHORS)} expected")
        return f"{items} entries set in plain.bst, no warning"

    def pandoc(self, extension, *options, date_parts=3):
        import pypandoc
        command = [pypandoc.get_pandoc_path(), "-t", "csljson", *options]
        path = self.file(extension)
        command += ["--metadata-file", path, "-f", "markdown"] if extension == "csl.yaml" else [path]
        code, said, errors = run(command)
        expect(code == 0, f"exit code {code}: {first_lines(errors)}")
        expect(not errors.strip(), first_lines(errors))
        read = json.loads(said)
        compare(read, self.golden(), date_parts=date_parts)
        return f"{len(read)} entries, {sum(len(item['author']) for item in read)} authors"

    def hayagriva_in_apa(self):
        path = self.file("hayagriva.yaml")
        code, said, errors = run([self.hayagriva, "--no-fmt", path, "reference", "--style", "apa"])
        expect(code == 0, f"exit code {code}: {first_lines(errors)}")
        lines = [line for line in said.splitlines() if line.strip()]
        expect(len(lines) == len(AUTHORS), f"{len(lines)} references, {len(AUTHORS)} expected")
        for item in self.golden():
            identifier = arxiv_id(item["DOI"])
            own = [line for line in lines if re.search(rf"arXiv:{re.escape(identifier)}(?!\d)", line, re.I)]
            expect(len(own) == 1, f"arXiv:{identifier} is printed in {len(own)} references")
            found = re.search(r" \((\d{4}|n\.d\.)[^)]*\)\. (.*?)\.? \(arXiv:", own[0], re.I)
            expect(found, f"no date and title in: {own[0]}")
            year = str(item["issued"]["date-parts"][0][0])
            expect(found[1] == year, f"arXiv:{identifier}: dated {found[1]}, not {year}")
            expect(folded(found[2]) == folded(item["title"]), f"the title is {found[2]!r}, not {item['title']!r}")
        return f"{len(lines)} references with title, arXiv id and year"

    def csl_yaml_in_pyyaml(self):
        items = load_yaml(self.file("csl.yaml"))
        expect(isinstance(items, dict) and isinstance(items.get("references"), list), "no list named references")
        for item in items["references"]:
            only_text(item, item.get("id"), but=("issued", "accessed"))
        compare(items["references"], self.golden())
        return f"{len(items['references'])} entries, every identifier a str"

    def hayagriva_in_pyyaml(self):
        items = load_yaml(self.file("hayagriva.yaml"))
        expect(isinstance(items, dict), "not a mapping of keys to entries")
        golden = self.golden()
        expect(list(items) == [item["id"] for item in golden], "not the keys of the CSL-JSON file, or another order")
        for wanted in golden:
            key, item, identifier = wanted["id"], items[wanted["id"]], arxiv_id(wanted["DOI"])
            only_text(item, key, but=("date",))
            numbers = {"serial": f"arXiv:{identifier}", "arxiv": identifier, "doi": wanted["DOI"]}
            read = {name: item.get("serial-number", {}).get(name) for name in numbers}
            expect(read == numbers, f"{key}: serial-number {read}, expected {numbers}")
            title = item.get("title", "")
            title = title["value"] if isinstance(title, dict) else title
            expect(folded(title) == folded(wanted["title"]), f"{key}: title {title!r}, expected {wanted['title']!r}")
            authors = item.get("author", [])
            authors = authors if isinstance(authors, list) else [authors]
            compare_authors(key, [from_hayagriva(author) for author in authors], wanted["author"])
            date = "-".join(f"{part:02}" for part in wanted["issued"]["date-parts"][0])
            expect(str(item.get("date")) == date, f"{key}: date {item.get('date')!r}, expected {date}")
        return f"{len(items)} entries, every identifier a str"

    def ris_in_rispy(self):
        import rispy
        with self.file("ris").open(encoding="utf-8-sig") as lines:
            records = rispy.load(lines)
        golden = self.golden()
        expect(len(records) == len(golden), f"{len(records)} records read, {len(golden)} expected")
        for record, wanted in zip(records, golden):
            key = wanted["id"]
            unknown = record.get("unknown_tag")
            expect(not unknown, f"{key}: tags rispy does not know: {unknown}")
            compare_authors(key, record.get("authors", record.get("first_authors", [])), wanted["author"])
            title = record.get("title", record.get("primary_title", ""))
            expect(folded(title) == folded(wanted["title"]), f"{key}: title {title!r}, expected {wanted['title']!r}")
            expect(record.get("doi") == wanted["DOI"], f"{key}: DO {record.get('doi')!r}, expected {wanted['DOI']!r}")
            expect(record.get("urls") == [wanted["URL"]], f"{key}: UR {record.get('urls')!r}, not {wanted['URL']!r}")
            expect(record.get("accession_number") == f"arXiv:{arxiv_id(wanted['DOI'])}",
                   f"{key}: AN is {record.get('accession_number')!r}")
            year = str(wanted["issued"]["date-parts"][0][0])
            expect(record.get("year") == year, f"{key}: PY is {record.get('year')!r}, expected {year}")
        return f"{len(records)} records, {sum(len(item['author']) for item in golden)} authors"


def load_yaml(path):
    """Reads YAML as version 1.1 has it; PyYAML says nothing about a repeated key, so that is looked for here."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    def mapping(loader, node):
        keys = [key.value for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        expect(not twice, f"line {node.start_mark.line + 1}: repeated keys {sorted(twice)}")
        return loader.construct_mapping(node, deep=True)

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader)
    except yaml.YAMLError as fault:
        raise Failed(first_lines(str(fault))) from fault


def only_text(value, where, but=()):
    """Every key and every scalar is a str, except below the keys in `but`, where a date may be a date."""
    if isinstance(value, dict):
        for key, below in value.items():
            expect(isinstance(key, str), f"{where}: the key {key!r} is a {type(key).__name__}")
            if key not in but:
                only_text(below, f"{where}.{key}", but)
    elif isinstance(value, list):
        for place, below in enumerate(value, start=1):
            only_text(below, f"{where}[{place}]", but)
    else:
        expect(isinstance(value, str), f"{where} is the {type(value).__name__} {value!r}, not text")


def from_hayagriva(author):
    """A Hayagriva person in CSL's words."""
    if not isinstance(author, dict):
        return author
    words = {"name": "family", "given-name": "given", "prefix": "non-dropping-particle", "suffix": "suffix"}
    return {csl: author[own] for own, csl in words.items() if own in author}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--cache", type=pathlib.Path, required=True)
    arguments = arguments.parse_args()
    ask = Consumers(arguments.folder, arguments.cache)
    checks = [
        ("CSL-JSON against arXiv's author counts", ask.csl_json_is_complete),
        ("CSL-JSON against the CSL schema", ask.csl_json_fits_schema),
        ("BibTeX in biber", lambda: ask.biber("bib")),
        ("BibLaTeX in biber", lambda: ask.biber("biblatex.bib")),
        ("BibLaTeX in biber, data model", lambda: ask.biber("biblatex.bib", "--validate-datamodel")),
        ("BibTeX in BibTeX", ask.bibtex),
        # A BibTeX entry says year and month, no more.
        ("BibTeX in pandoc", lambda: ask.pandoc("bib", "-f", "bibtex", date_parts=2)),
        ("BibLaTeX in pandoc", lambda: ask.pandoc("biblatex.bib", "-f", "biblatex")),
        ("CSL-JSON in pandoc", lambda: ask.pandoc("csl.json", "-f", "csljson")),
        ("CSL-YAML in pandoc", lambda: ask.pandoc("csl.yaml")),
        ("CSL-YAML in PyYAML", ask.csl_yaml_in_pyyaml),
        ("Hayagriva YAML in PyYAML", ask.hayagriva_in_pyyaml),
        ("Hayagriva YAML in hayagriva, APA", ask.hayagriva_in_apa),
        ("RIS in rispy", ask.ris_in_rispy),
    ]
    failures = 0
    for name, check in checks:
        try:
            print(f"ok      {name}: {check()}", flush=True)
        except Failed as reason:
            failures += 1
            print(f"FAILED  {name}: {reason}", flush=True)
        except Exception as fault:  # A check that breaks is a failed check; the others still run.
            failures += 1
            print(f"FAILED  {name}: {type(fault).__name__}: {first_lines(str(fault))}", flush=True)
    if failures:
        print(f"{failures} of {len(checks)} checks failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
