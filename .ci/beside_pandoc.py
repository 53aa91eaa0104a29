"""Sets our CSL-JSON of the .bib fixtures beside pandoc's and prints the differences that nobody has judged yet.

    .ci/beside_pandoc.py --pandoc PANDOC --bibmill BIBMILL [--from bibtex] [--all] [FILE...]

Every difference is one line: file, key, field, ours, pandoc's. What pandoc does everywhere, and differently from us, is taken
out by rules first (RULES), each of which looks at the two values: so whatever else differs in a value still shows. The
judgements on the rest stand in fixtures/differences/pandoc.md, one row for each: a verdict (`ours`, `theirs`, `taste`),
patterns for file, key and field, what is to be found in either value, and the reason. A difference without a row, and a row
without a difference, is an error; so is a row with the verdict `theirs`, which is to be mended. With --all judged
differences are printed as well, and those that fall under a rule.
"""

import argparse
import fnmatch
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
JUDGED = ROOT / "fixtures/differences/pandoc.md"


def items(command):
    try:
        done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True,
                              encoding="utf-8", errors="replace", timeout=10)
    except subprocess.TimeoutExpired:  # pandoc does not come back from parents in a circle.
        return []
    try:
        return json.loads(done.stdout) if done.stdout.strip() else []
    except json.JSONDecodeError:
        return []


def plain(value):
    """A value as one line; what JSON leaves open (numbers as strings) does not count."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {plain(below)}" for key, below in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(plain(below) for below in value) + "]"
    return re.sub(r"\s+", " ", str(value)).strip()


TITLES = ("title", "title-short", "container-title", "collection-title", "volume-title", "volume-title-short", "event-title")
PEOPLE = ("author", "editor", "translator", "container-author", "collection-editor")


def letters(title):
    """The characters of a title without the spans that keep the case, and of each whether it stands in one."""
    found, open_spans = [], []
    for token in re.findall(r"<span[^>]*>|</span>|.", title):
        if token.startswith("<span"):
            open_spans.append(token)
        ours = open_spans[-1:] == ['<span class="nocase">']
        if token == "</span>" and open_spans:
            open_spans.pop()
        if not (ours and token.startswith("<")):
            found.append((token, '<span class="nocase">' in open_spans))
    return found


def same_but_case(ours, theirs):
    """Equal, if the letter case of what is not protected does not count; what is protected is equal to the letter."""
    ours, theirs = letters(ours), letters(theirs)
    return len(ours) == len(theirs) and all(
        mine == other or not protected and mine.lower() == other.lower()
        for (mine, protected), (other, _) in zip(ours, theirs))


def apostrophes(text):
    return text.replace("\u2019", "'")


def particles(names):
    """The names of pandoc, whose particles are all dropping, with the particles where citeproc's manual has them."""
    return [{"non-dropping-particle" if part == "dropping-particle" and "non-dropping-particle" not in name else part: words
             for part, words in name.items()} for name in names]


def season(date):
    """A date whose month is EDTF's number of a season, as `csl-data.json` has it; an empty date is none."""
    parts = date.get("date-parts", [[]])
    if parts == []:
        return "-"
    if len(parts) == 1 and len(parts[0]) == 2 and int(parts[0][1]) in range(21, 25):
        return {**date, "date-parts": [parts[0][:1]], "season": int(parts[0][1]) - 20}
    return date


def rule(field, mine, other, ours, theirs):
    """The name of the rule by which two values are the same, or nothing; `ours` and `theirs` are the whole entries."""
    if field == "type" and (mine, other) == ("document", ""):
        return "untyped"
    if field == "other-ids":
        if ours.get("custom", {}).get("key-aliases") == other:
            return "aliases"
    title = "".join(char for char, _ in letters(plain(ours.get("title", ""))))
    if field == "title-short" and mine == "-" and title.lower().startswith(plain(other).lower() + ":"):
        return "made-up"
    if field in ("event", "event-title") and ("-" in (mine, other)):
        event, title = theirs.get("event", "-"), ours.get("event-title", "-")
        if same_but_case(apostrophes(plain(title)), apostrophes(plain(event))):
            return "event-title"
    if field == "keyword" and re.sub(r",\s*", ", ", plain(other)) == mine:
        return "keywords"
    if field in PEOPLE and isinstance(mine, list) and isinstance(other, list) and plain(mine) == plain(particles(other)):
        return "particles"
    if isinstance(other, dict) and mine == season(other):
        return "dates"
    if isinstance(mine, str) and isinstance(other, str):
        if plain(mine) == apostrophes(plain(other)):
            return "apostrophes"
        if field in TITLES and same_but_case(plain(mine), plain(other)):
            return "sentence-case"
        if field in TITLES and same_but_case(apostrophes(plain(mine)), apostrophes(plain(other))):
            return "sentence-case, apostrophes"
    return None


def differences(name, ours, theirs):
    """The differences of one file: entries by key and place, then field by field, each with its rule or none."""
    def numbered(entries):
        seen, found = {}, {}
        for entry in entries:
            key = entry.get("id", "")
            seen[key] = seen.get(key, 0) + 1
            found[key if seen[key] == 1 else f"{key} ({seen[key]})"] = entry
        return found
    ours, theirs = numbered(ours), numbered(theirs)
    for key in list(ours) + [key for key in theirs if key not in ours]:
        if key not in ours or key not in theirs:
            yield (name, key, "entry", "-" if key not in ours else "there", "-" if key not in theirs else "there"), None
            continue
        for field in sorted(set(ours[key]) | set(theirs[key])):
            mine, other = (entry.get(field, "-") for entry in (ours[key], theirs[key]))
            # `custom` is ours alone: pandoc writes none.
            if plain(mine) != plain(other) and field not in ("id", "custom"):
                by = rule(field, mine, other, ours[key], theirs[key])
                yield (name, key, field, plain(mine), plain(other)), by


def rows():
    """The judgements: verdict, file, key, field, ours, theirs, reason."""
    found = []
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().strip("`").replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 7 and cells[0] in ("ours", "theirs", "taste"):
            found.append(cells)
    return found


def fits(row, difference):
    _, file, key, field, ours, theirs, _ = row
    names = all(any(fnmatch.fnmatchcase(value, one.strip()) for one in pattern.split(","))
                for pattern, value in zip((file, key, field), difference[:3]))
    return names and re.search(ours, difference[3]) and re.search(theirs, difference[4])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pandoc", default="pandoc")
    arguments.add_argument("--bibmill", default=ROOT / "target/debug/bibmill")
    arguments.add_argument("--from", dest="dialect", default="biblatex", choices=("bibtex", "biblatex"))
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = arguments.parse_args()
    files = arguments.files or sorted([*ROOT.glob("fixtures/bibtex/*.bib"), *ROOT.glob("fixtures/biblatex/*.bib")])
    judged, used, unjudged, total, by_rule = rows(), set(), 0, 0, {}
    for path in files:
        ours = items([arguments.bibmill, "convert", "-q", "--no-resolve", "--partial",
                      "--to", "csl-json", path])
        theirs = items([arguments.pandoc, "-f", arguments.dialect, "-t", "csljson", path])
        name = f"{path.resolve().parent.name}/{path.name}"
        if not theirs:
            difference = (name, "*", "file", f"{len(ours)} entries", "refused")
            found = [(difference, None)]
        else:
            found = differences(name, ours, theirs)
        for difference, by in found:
            total += 1
            if by is not None:
                by_rule[by] = by_rule.get(by, 0) + 1
                if arguments.all:
                    print(f"[{by}] {' | '.join(difference)[:400]}")
                continue
            row = next((at for at, row in enumerate(judged) if fits(row, difference)), None)
            if row is not None:
                used.add(row)
            if row is None:
                unjudged += 1
            if row is None or arguments.all:
                verdict = "UNJUDGED" if row is None else judged[row][0]
                print(f"{verdict} {' | '.join(difference)[:400]}")
    faults = unjudged
    if not arguments.files:
        for at, row in enumerate(judged):
            if row[0] == "theirs":
                faults += 1
                print(f"to be mended, theirs is right: {' | '.join(row)}")
            if at not in used:
                faults += 1
                print(f"no difference fits this row any more: {' | '.join(row)}")
    rules = ", ".join(f"{count} {by}" for by, count in sorted(by_rule.items()))
    print(f"{len(files)} files, {total} differences: {sum(by_rule.values())} by rule ({rules}), {unjudged} not judged")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
