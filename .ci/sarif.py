"""Checks the SARIF that `bibmill check` prints for every fixture of its rules against OASIS's schema.

    .ci/sarif.py --program BIBMILL
"""

import argparse
import json
import pathlib
import subprocess
import sys

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    program = arguments.parse_args().program
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "fixtures/check").glob("*.bib"))
    command = [program, "check", "--message-format", "sarif", "--catalog", "fixtures/check/papers.jsonl", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    if done.returncode not in (0, 1):
        sys.exit(f"FAILED SARIF: exit code {done.returncode}: {done.stderr.decode()[:300]}")
    log = json.loads(done.stdout)
    schema = json.loads((ROOT / "fixtures/schema/sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    faults = list(jsonschema.Draft4Validator(schema).iter_errors(log))
    for fault in faults[:5]:
        print(f"FAILED SARIF: {fault.json_path}: {fault.message[:200]}")
    run = log["runs"][0]
    results, rules = run["results"], run["tool"]["driver"]["rules"]
    fixes = sum("fixes" in result for result in results)
    if not results or not all(rule.get("help") for rule in rules):
        sys.exit("FAILED SARIF: there is no result, or a rule without help")
    if faults:
        sys.exit(1)
    print(f"ok      SARIF against OASIS's schema: {len(results)} results, {fixes} with fixes, {len(rules)} rules")


if __name__ == "__main__":
    main()
