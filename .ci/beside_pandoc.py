"""Sets our CSL-JSON of the .bib fixtures beside pandoc's and prints the differences that nobody has judged yet.

    .ci/beside_pandoc.py --pandoc PANDOC --bibmill BIBMILL [--all] [FILE...]

Every difference is one line: file, key, field, ours, pandoc's. The judgements stand in fixtures/differences/pandoc.md, one
row for each class of differences: a verdict (`ours`, `theirs`, `taste`), patterns for file, key and field, what is to be
found in either value, and the reason. A difference without a row, and a row without a difference, is an error; so is a
row with the verdict `theirs`, which is to be mended. With --all judged differences are printed as well.
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


def differences(name, ours, theirs):
    """The differences of one file: entries by key and place, then field by field."""
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
            yield name, key, "entry", "-" if key not in ours else "there", "-" if key not in theirs else "there"
            continue
        for field in sorted(set(ours[key]) | set(theirs[key])):
            mine, other = (plain(entry[field]) if field in entry else "-" for entry in (ours[key], theirs[key]))
            # `custom` is ours alone: pandoc writes none.
            if mine != other and field not in ("id", "custom"):
                yield name, key, field, mine, other


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
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pandoc", default="pandoc")
    arguments.add_argument("--bibmill", default=ROOT / "target/debug/bibmill")
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = arguments.parse_args()
    files = arguments.files or sorted([*ROOT.glob("fixtures/bibtex/*.bib"), *ROOT.glob("fixtures/biblatex/*.bib")])
    judged, used, unjudged, total = rows(), set(), 0, 0
    for path in files:
        ours = items([arguments.bibmill, "convert", "-q", "--no-resolve", "--partial",
                      "--to", "csl-json", path])
        theirs = items([arguments.pandoc, "-f", "biblatex", "-t", "csljson", path])
        name = f"{path.resolve().parent.name}/{path.name}"
        if not theirs:
            difference = (name, "*", "file", f"{len(ours)} entries", "refused")
            found = [difference]
        else:
            found = differences(name, ours, theirs)
        for difference in found:
            total += 1
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
    print(f"{len(files)} files, {total} differences, {unjudged} not judged")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
