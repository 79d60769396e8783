"""Runs the sector's validator over a folder of 903 files and writes what it flags: rule, table, row.

    python theirs.py YEAR FOLDER [LAST YEAR'S FOLDER] > theirs.csv

With FRESH=1 each rule gets tables of its own. Without, as the validator does it, rules share them, and what one rule changes the
next one reads.

Wants `pip install csc-validator-be-903`. Rows are counted from 0 below the headings. A rule that ran is listed once with
neither table nor row; one that skipped itself or crashed is not listed.
"""

import csv
import importlib
import io
import logging
import os
import sys
import time
from contextlib import redirect_stdout

logging.disable(logging.CRITICAL)

TABLES = {
    "Header": "header",
    "Episodes": "episodes",
    "UASC": "uasc",
    "OC2": "oc2",
    "OC3": "oc3",
    "AD1": "ad1",
    "PlacedAdoption": "should_be_placed",
    "PrevPerm": "previous_permanence",
    "Missing": "missing",
    "Reviews": "reviews",
    "SWEpisodes": "social_workers",
    "DoLo": "liberty",
}


def files(folder, description):
    """One file of each table, the first by name, as the other side of the comparison takes them."""
    from lac_validator.config import column_names

    taken, found = set(), []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".csv"):
            continue
        with open(os.path.join(folder, name), "rb") as file:
            content = file.read()
        headings = set(content.decode("utf-8-sig").splitlines()[0].split(","))
        table = next((table for table, known in column_names.items() if set(known) == headings), None)
        if table is None or table in taken:
            continue
        taken.add(table)
        found.append({"name": name, "description": description, "file_content": content})
    return found


def main(year, folder, last=None):
    from lac_validator.lac_validator import LacValidator

    registry = importlib.import_module("lac_validator.rules." + os.environ.get("RULESET", "lac2025_26")).registry
    if os.environ.get("FRESH"):
        import copy

        import lac_validator.lac_validator as validator

        validator.copy_datastore = copy.deepcopy
    given = files(folder, "This year") + (files(last, "Prev year") if last else [])
    metadata = {"collectionYear": year, "localAuthority": os.environ.get("AUTHORITY", "E09000023")}
    begun = time.process_time()
    # Some rules print.
    with redirect_stdout(io.StringIO()):
        judged = LacValidator(metadata=metadata, files=given, registry=registry)
    taken = time.process_time() - begun
    out = csv.writer(sys.stdout)
    out.writerow(["rule", "table", "row"])
    for rule in judged.dones:
        out.writerow([rule, "", ""])
    for table, frame in judged.ds_results.items():
        if table not in TABLES:
            continue
        for column in frame.columns:
            if not str(column).startswith("ERR_"):
                continue
            for row in frame.index[frame[column].eq(True)]:
                out.writerow([column[4:], TABLES[table], row])
    print(f"{len(judged.dones)} rules ran, {len(judged.skips)} skipped themselves, {len(judged.fails)} crashed: "
          f"{', '.join(map(str, judged.fails))}; {taken:.1f} s of CPU", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
