"""What foreign programs read of a bibliography, and what bibmill reads of it, in one shape.

A [`Reading`] is one entry: its key, the words for its type, and its values by the names that the file's family of formats
has for them (fields of `.bib`, variables of CSL, paths of Hayagriva, tags of RIS; the model's names for bibmill). A value is
a string, a list of strings, a list of [`Person`], or a [`Dated`]. Markup is left as the program gives it. This file compares
nothing.
"""

import codecs
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import typing
import xml.etree.ElementTree as ElementTree


class Person(typing.NamedTuple):
    """A name in parts; a body's whole name is its family name."""

    family: str
    given: str = ""
    particle: str = ""
    dropping: str = ""
    suffix: str = ""


class Dated(str):
    """A date as EDTF, or as written."""


class Reading(typing.NamedTuple):
    key: str
    types: tuple
    values: dict


def run(command, **options):
    try:
        return subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True,
                              encoding="utf-8", errors="replace", timeout=300, **options)
    except (OSError, subprocess.TimeoutExpired) as fault:
        return subprocess.CompletedProcess(command, 127, "", str(fault))


def output_of(command, **options):
    done = run(command, **options)
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip() or done.stdout.strip())[-300:])
    return done.stdout


# bibmill


def plain(value):
    """A text of the native dump without its markup; mathematics between dollars."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(f"${part}$" if name == "math" else plain(part) for name, part in value.items())
    return "".join(plain(part) for part in value)


def native_person(value):
    if isinstance(value, str):
        return Person(value)
    if isinstance(value, list):
        return Person(*value)
    if value.get("others"):
        return None
    names = ("family", "given", "particle", "dropping-particle", "suffix")
    return Person(*(value.get(name, "") for name in names))


def native_date(value):
    """A date of the native dump: EDTF, or its parts, which EDTF cannot say together."""
    if isinstance(value, str):
        return Dated(value)
    return Dated(value["written"]) if "written" in value else Dated(json.dumps(value))


DATES = ("issued", "submitted", "accessed", "event", "original", "available")
LISTS = ("publisher", "place", "institution", "organization", "event-place", "original-publisher", "original-place",
         "category", "keyword", "language", "original-language")


def from_native(entry):
    """An entry of the native dump. Foreign values stand under `foreign.FORMAT.NAME`."""
    values = {}
    for name, value in entry.items():
        if name == "people":
            for one in value:
                (role, person), = one.items()
                values.setdefault(role, []).append(native_person(person))
        elif name == "ids":
            for one in value:
                (scheme, number), = one.items()
                number = number["written"] if isinstance(number, dict) else number
                values.setdefault(scheme, []).append(number)
        elif name == "foreign":
            for one in value:
                values.setdefault(f"foreign.{one['format']}.{one['name']}", []).append(one["value"])
        elif name in DATES:
            values[name] = native_date(value)
        elif name in LISTS:
            values[name] = [plain(item) for item in value]
        elif name not in ("key", "kind"):
            values[name] = plain(value)
    values = {name: [one for one in value if one] if isinstance(value, list) else value for name, value in values.items()}
    return Reading(entry.get("key", ""), (entry["kind"],), values)


# .bib


NAMES = ("author", "editor", "editora", "editorb", "editorc", "bookauthor", "translator", "annotator", "commentator",
         "introduction", "foreword", "afterword", "holder", "shortauthor", "shorteditor")
VERBATIM = ("url", "doi", "eprint", "file", "pdf", "biburl")
# Commands that say how their text looks and no more.
STYLES = "|".join("""emph textit textbf textsc texttt textsl textup textrm textsf textnormal mbox hbox textsuperscript
    textsubscript enquote mkbibquote mkbibemph mkbibitalic mkbibbold ensuremath MakeUppercase uppercase noopsort ignorespaces
    protect relax itshape bfseries em it bf sc tt rm""".split())


# Signs that the decoder does not know.
SIGNS = {"textasciicircum": "^", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~", "textquotesingle": "'",
         "slash": "/", "hyphen": "-", "psqq": " sqq.", "bibstring": ""}


def untex(text):
    """TeX as characters, after pybtex's own decoder; mathematics stays as it is written."""
    import latexcodec  # noqa: F401  (registers the codec)
    # A value has no comments.
    # A value may end in a control space whose blank is gone.
    text = re.sub(r"\\\\|\\$", " ", text)
    parts = re.split(r"((?<!\\)\$(?:[^$\\]|\\.)*\$)", re.sub(r"(?<!\\)%", r"\%", re.sub(r"\\[,;:!]", " ", text)))
    for at in range(0, len(parts), 2):
        parts[at] = re.sub(r"\\(?:%s)\b\s*" % STYLES, "", parts[at])
        decoded = codecs.decode(parts[at], "ulatex")
        parts[at] = re.sub(r"\\(%s)\b *(\{\})?" % "|".join(SIGNS), lambda found: SIGNS[found[1]], decoded)
    return "".join(parts)


def unbraced(text):
    return re.sub(r"[{}]", "", untex(text)).replace("~", " ").strip()


def bib_person(family, given, particle, suffix):
    return Person(*(unbraced(part) for part in (family, given, particle)), "", unbraced(suffix))


def bib_values(fields, people):
    """The fields of an entry, those of names in parts; year and month as the date that they are."""
    values = {name: value if name in VERBATIM else untex(value) for name, value in fields.items()}
    values.update(people)
    if "date" in values:
        values["date"] = Dated(fields["date"].strip())
        # Beside it the older fields repeat what they can say of it.
        if all(year in values["date"] for year in re.findall(r"\d{4}", fields.get("year", "-"))):
            values = {name: value for name, value in values.items() if name not in ("year", "month", "day")}
    elif "year" in values:
        taken = ["year"]
        year, month, day = (unbraced(fields.get(name, "")) for name in ("year", "month", "day"))
        values["date"] = bib_date(year, month, day)
        if re.search(r"\d{4}-\d\d(?!\d)", values["date"]):
            taken += ["month"] + (["day"] if re.search(r"-\d\d-\d\d", values["date"]) else [])
        values = {name: value for name, value in values.items() if name not in taken}
    for name in ("urldate", "eventdate", "origdate"):
        if name in values:
            values[name] = Dated(fields[name].strip())
    return values


MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}


def bib_date(year, month, day):
    """EDTF of BibTeX's two fields and its day, each of which may hold a range; the year alone where a word is not known."""
    if not re.fullmatch(r"(c\. )?-?\d{4}([–/]\d{4}|--\d{4})?[?~]?", year):
        return Dated(year)
    years = re.split(r"--|[–/]", year.rstrip("?~"))
    numbers = []
    for word in re.split(r"\s*[-–/]+\s*", month):
        name = re.sub(r"[^a-z]", "", word.lower())
        number = SEASONS.get(name) or (MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else None)
        days = re.findall(r"\d+", word) if number else []
        if number is None and word.isdigit() and int(word) <= 12:
            number = int(word)
        if word and number is None:
            return Dated("/".join(years))
        days = days or ([day] if day.isdigit() else [])
        numbers.append("".join(f"-{part:02}" for part in [number, *map(int, days[:1])]) if number else "")
    days = re.fullmatch(r"(\d+)\s*[-–]+\s*(\d+)", day)
    if days and len(numbers) == 1 and numbers[0]:
        numbers = [f"{numbers[0]}-{int(part):02}" for part in days.groups()]
    bounds = max(len(years), len(numbers))
    return Dated("/".join(years[min(at, len(years) - 1)] + numbers[min(at, len(numbers) - 1)] for at in range(bounds)))


def pybtex(path):
    import pybtex.errors
    from pybtex.bibtex.utils import split_name_list
    from pybtex.database.input.bibtex import Parser
    # What it complains of it reads all the same. Names it is asked for one by one: it knows those of BibTeX only.
    pybtex.errors.set_strict_mode(False)
    found = []
    for key, entry in Parser(person_fields=[]).parse_file(str(path)).entries.items():
        fields = {name.lower(): value for name, value in entry.fields.items()}
        people = {role: [pybtex_person(name) for name in split_name_list(fields[role])
                         if name != "others" and not is_option(name)] for role in NAMES if role in fields}
        if entry.type.lower() != "xdata":
            found.append(Reading(key, (entry.type.lower(),), bib_values(fields, people)))
    return found


def is_option(name):
    """Whether the item of a list of names is an option of the list (BibLaTeX manual, section 3.7.3)."""
    return re.fullmatch(r"\w+=\w+", name) and not re.match("family|given", name)


def pybtex_person(name):
    """A name by pybtex's grammar, or in the parts that it names itself (BibLaTeX manual, section 3.6)."""
    from pybtex.database import Person as PybtexPerson
    named = dict(re.findall(r"\b(family|given|prefix|suffix)\s*=\s*(\{.*?\}|[^,{]*)(?=\s*,|$)", name))
    if named:
        return bib_person(*(named.get(part, "") for part in ("family", "given", "prefix", "suffix")))
    one = PybtexPerson(name)
    return bib_person(" ".join(one.last_names), " ".join(one.first_names + one.middle_names),
                      " ".join(one.prelast_names), " ".join(one.lineage_names))


# A style that prints every field of every entry, a line each, and names in parts.
DUMP = r"""
ENTRY { %(fields)s } {} {}
INTEGERS { at count }
STRINGS { list name }
FUNCTION {put} { write$ newline$ }
FUNCTION {text} { 'name := duplicate$ missing$ { pop$ } { "=" name * "=" * swap$ * put } if$ }
FUNCTION {people} {
  'name := duplicate$ missing$ { pop$ } {
    'list :=
    list num.names$ 'count :=
    #0 'at :=
    { at count < } {
      at #1 + 'at :=
      "=" name * "=" * list at "{ll}" format.name$ * "|" * list at "{ff}" format.name$ * "|" *
      list at "{vv}" format.name$ * "|" * list at "{jj}" format.name$ * put
    } while$
  } if$
}
FUNCTION {show} { "@" type$ * "=" * cite$ * put crossref "crossref" text %(body)s }
FUNCTION {default.type} { show }
%(months)s
READ
ITERATE {call.type$}
"""
MACROS = "\n".join('MACRO {%s} {"%s"}' % (month, month) for month in MONTHS)


def run_bibtex(path, style):
    """What BibTeX says of all entries of a file, and what it prints of them in a style."""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        shutil.copy(path, scratch / "all.bib")
        (scratch / "style.bst").write_text(style)
        # With the built-in sizes sixty authors are too many.
        (scratch / "texmf.cnf").write_text("BIBINPUTS = .\nBSTINPUTS = .\nent_str_size = 5000\nglob_str_size = 200000\n")
        (scratch / "all.aux").write_text("\\relax\n\\citation{*}\n\\bibstyle{style}\n\\bibdata{all}\n")
        done = run(["bibtex", "all"], cwd=scratch, env={**os.environ, "TEXMFCNF": str(scratch)})
        printed = scratch / "all.bbl"
        printed = printed.read_text(encoding="utf-8", errors="replace") if printed.is_file() else ""
    return done.stdout + done.stderr, printed


def plain_bst(style, path):
    """What BibTeX complains of when it sets all entries in its own style: the key, as far as it is named, and the words."""
    said, _ = run_bibtex(path, style.read_text(encoding="utf-8"))
    said = re.split(r"(?m)^Database file #1.*$", said, maxsplit=1)[-1]
    for line in re.sub(r"\n(refers to|--line)", r" \1", said).splitlines():
        if line.strip(" :") and not line.startswith(("(There w", "(Error may")):
            key = re.search(r'entry (?:type for )?"(.*?)"| in (\S+)$| for (\S+) to crossref', line)
            yield next(filter(None, key.groups())) if key else "*", line


def bibtex(path):
    """The program BibTeX itself, which prints what it read by a style made for it."""
    text = path.read_text(encoding="utf-8", errors="replace")
    fields = sorted({name.lower() for name in re.findall(r"(?m)[\s,{]([A-Za-z][\w.:+-]*)\s*=\s*[\"{\w]", text)} - {"crossref"})
    body = "".join(f'{name} "{name}" {"people" if name in NAMES else "text"} ' for name in fields if name in NAMES)
    body += "\n".join(f'{name} "{name}" text' for name in fields if name not in NAMES)
    said, printed = run_bibtex(path, DUMP % {"fields": "\n".join(fields), "body": body, "months": MACROS})
    if not printed:
        raise RuntimeError(said[-300:])
    # It folds lines at blanks and insets what follows.
    lines = re.sub(r"\n  (?=\S)", " ", printed).split("\n")
    found = []
    for line in lines:
        if line.startswith("@"):
            kind, _, key = line[1:].partition("=")
            found.append((key, kind, {}, {}))
        elif line.startswith("="):
            name, _, value = line[1:].partition("=")
            if name in NAMES:
                parts = value.split("|")
                people = found[-1][3].setdefault(name, [])
                if parts[0] != "others":
                    people.append(bib_person(*(parts + ["", "", ""])[:4]))
            else:
                found[-1][2][name] = value
    return [Reading(key, (kind.lower(),), bib_values(fields, people)) for key, kind, fields, people in found
            if kind.lower() != "xdata"]


BLTX = "{http://biblatex-biber.sourceforge.net/biblatexml}"


def biber(path):
    """biber's own XML, whose names are in parts, with the fields that entries inherit."""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        copy = scratch / "all.bib"
        shutil.copy(path, copy)
        done = run(["biber", "--tool", "--output-resolve", "--output-format=biblatexml", "--nolog", "--nodieonerror",
                    "all.bib", "--output-file", "all.xml"], cwd=scratch)
        if not (scratch / "all.xml").is_file():
            raise RuntimeError((done.stdout + done.stderr)[-300:])
        root = ElementTree.parse(scratch / "all.xml").getroot()
    found = []
    for element in root.iter(f"{BLTX}entry"):
        fields, people = {}, {}
        for child in element:
            name, of = child.tag.removeprefix(BLTX), child.get("type", "")
            # Pages are ranges in parts.
            items = ["–".join((part.text or "" for part in item) if len(item) else [item.text or ""])
                     for item in child.iter(f"{BLTX}item")]
            if name == "names":
                people[of] = [biber_person(one) for one in child.iter(f"{BLTX}name")]
            elif name == "date":
                fields[of + "date"] = biber_date(child)
            elif items:
                fields[name] = (", " if name in ("pages", "ids") else " and ").join(items)
            else:
                fields[name] = "".join(child.itertext()).strip()
        found.append(Reading(element.get("id"), (element.get("entrytype").lower(),), bib_values(fields, people)))
    return found


def biber_person(element):
    parts = {}
    for part in element.findall(f"{BLTX}namepart"):
        words = [word.text or "" for word in part.findall(f"{BLTX}namepart")] or [part.text or ""]
        parts[part.get("type")] = " ".join(words)
    return bib_person(*(parts.get(part, "") for part in ("family", "given", "prefix", "suffix")))


def biber_date(element):
    bounds = [element.find(f"{BLTX}{bound}") for bound in ("start", "end")]
    if bounds == [None, None]:
        return element.text or ""
    return "/".join("" if bound is None else bound.text or "" for bound in bounds if bound is not None or bounds[1] is not None)


# CSL


def csl_date(value):
    """EDTF of a CSL date; CSL counts years before Christ without a year 0."""
    if isinstance(value, str):
        return Dated(value)
    bounds = []
    for parts in value.get("date-parts") or []:
        parts = [int(part) for part in parts if str(part).lstrip("-").isdigit()]
        if not parts:
            continue
        year = parts[0] + 1 if parts[0] < 0 else parts[0]
        if len(parts) == 1 and value.get("season"):
            parts.append(int(value["season"]) + (20 if int(value["season"]) < 20 else 0))
        bounds.append("-".join([f"{'-' if year < 0 else ''}{abs(year):04}", *(f"{part:02}" for part in parts[1:])]))
    if not bounds:
        return Dated(value.get("literal") or value.get("raw") or "")
    return Dated("/".join(bounds) + ("~" if str(value.get("circa", "")).lower() in ("true", "1") else ""))


def csl_person(value):
    if isinstance(value, str):
        return Person(value)
    if not value.get("family"):
        return Person(value.get("literal") or value.get("given", ""))
    names = ("family", "given", "non-dropping-particle", "dropping-particle", "suffix")
    return Person(*(str(value.get(name, "")) for name in names))


def csl_value(name, value):
    if isinstance(value, list) and value and all(isinstance(one, dict) and {"family", "given", "literal"} & one.keys()
                                                 for one in value):
        return [csl_person(one) for one in value]
    if isinstance(value, dict) and {"date-parts", "literal", "raw", "season"} & value.keys():
        return csl_date(value)
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value) if not isinstance(value, dict) else json.dumps(value, ensure_ascii=False)


def from_csl(items):
    found = []
    for item in items:
        custom = item.get("custom")
        values = {name: csl_value(name, value) for name, value in item.items()
                  if name not in ("id", "type", "custom") and not name.startswith("_")}
        if isinstance(custom, dict):
            values.update({f"custom.{name}": csl_value(name, value) for name, value in custom.items()})
        elif custom is not None:
            values["custom"] = str(custom)
        found.append(Reading(str(item.get("id", "")), (item.get("type", ""),), values))
    return found


def pandoc(program, path):
    if path.suffix == ".yaml":
        return from_csl(json.loads(output_of([program, "-t", "csljson", "--metadata-file", path, "-f", "markdown"])))
    with tempfile.TemporaryDirectory() as scratch:
        # It asks for a list, also of one item.
        items = json.loads(path.read_text(encoding="utf-8"))
        copy = pathlib.Path(scratch) / "items.json"
        copy.write_text(json.dumps(items if isinstance(items, list) else [items]), encoding="utf-8")
        return from_csl(json.loads(output_of([program, "-t", "csljson", "-f", "csljson", copy])))


CITATION_JS = """
const { Cite } = require('@citation-js/core'); require('@citation-js/plugin-csl');
const data = require('fs').readFileSync(process.argv[1], 'utf8');
console.log(JSON.stringify(new Cite(JSON.parse(data)).data));
"""


def citation_js(folder, path):
    return from_csl(json.loads(output_of(["node", "-e", CITATION_JS, path.resolve()], cwd=folder)))


# RIS


def rispy(path):
    import rispy.config
    import rispy
    tags = {name: tag for tag, name in rispy.config.TAG_KEY_MAPPING.items()}
    with path.open(encoding="utf-8-sig") as lines:
        records = rispy.load(lines)
    found = []
    for record in records:
        values = {}
        for name, value in record.items():
            if name == "unknown_tag":
                values.update(value)
            else:
                values[tags[name]] = value
        found.append(Reading(values.pop("ID", ""), (values.pop("TY", ""),), ris_values(values)))
    return found


def ris_values(values):
    people = {"A1", "A2", "A3", "A4", "AU", "TA", "ED"}
    found = {}
    for tag, value in values.items():
        value = value if isinstance(value, list) else [value]
        if tag in people:
            names = [[part.strip() for part in name.split(",")] for name in value]
            found[tag] = [Person(name[0], name[1] if len(name) > 1 else "", "", "", ", ".join(name[2:])) for name in names
                          if name[0].strip(". ").lower() != "et al"]
        elif tag in ("DA", "Y1", "Y2", "PY"):
            found[tag] = ris_date(value[0])
        else:
            found[tag] = value if len(value) > 1 else value[0]
    return found


def ris_date(value):
    """EDTF of Reference Manager's form: the fourth part holds what the first three cannot say."""
    year, month, day, other = (value.strip().split("/", 3) + ["", "", ""])[:4]
    if re.fullmatch(r"-?\d{4}([-.].*)?|[\dX]{4}", other.strip()) or "/" in other:
        return Dated(other.strip())
    if not re.fullmatch(r"(\d\d:\d\d(:\d\d)?)?", other.strip()) or not re.fullmatch(r"\d{4}", year):
        return Dated(value.strip())
    return Dated("-".join([year, *(part.zfill(2) for part in (month, day) if part)]))


# Hayagriva


def hayagriva(program, path):
    """What the program's command line prints of a file that it parsed: its own bibliography as YAML."""
    import yaml
    printed = output_of([program, path])
    # Everything as text: the printed file has figures that are none.
    return [Reading(str(key), hayagriva_types(entry), hayagriva_values(entry, "")) for key, entry in
            (yaml.load(printed, yaml.BaseLoader) or {}).items()]


def hayagriva_parents(entry):
    parents = entry.get("parent", [])
    return parents if isinstance(parents, list) else [parents]


def hayagriva_types(entry):
    first = hayagriva_parents(entry)[:1]
    return tuple([entry["type"].lower(), *(parent["type"].lower() for parent in first)])


def hayagriva_person(value):
    if isinstance(value, dict):
        names = ("name", "given-name", "prefix", "", "suffix")
        return Person(*(value.get(name, "") for name in names))
    parts = [part.strip() for part in value.split(",")]
    return Person(parts[0], parts[1] if len(parts) > 1 else "", "", "", ", ".join(parts[2:]))


def hayagriva_people(value):
    return [hayagriva_person(one) for one in (value if isinstance(value, list) else [value])]


def hayagriva_aliases(path, value):
    people = value if isinstance(value, list) else [value]
    return {f"{path}.{at}.alias": one["alias"] for at, one in enumerate(people) if isinstance(one, dict) and "alias" in one}


def hayagriva_values(entry, path):
    values = {}
    for name, value in entry.items():
        if name in ("author", "editor"):
            values[path + name] = hayagriva_people(value)
            values.update(hayagriva_aliases(path + name, value))
        elif name == "affiliated":
            for one in value if isinstance(value, list) else [value]:
                role = f"{path}affiliated.{one['role'].lower()}"
                values.setdefault(role, []).extend(hayagriva_people(one["names"]))
                values.update(hayagriva_aliases(role, one["names"]))
        elif name == "parent":
            for at, parent in enumerate(hayagriva_parents(entry)):
                values.update(hayagriva_values(parent, f"{path}parent{at or ''}."))
        elif name == "date":
            values[path + name] = Dated(value)
        elif isinstance(value, dict):
            for part, below in value.items():
                if below not in ("null", ""):
                    suffix = "" if part == "value" or (part == "name" and name == "publisher") else f".{part}"
                    values[f"{path}{name}{suffix}"] = Dated(below) if part == "date" else below
        elif name != "type" or path:
            values[path + name] = value
    return values
