"""Sets two lists of flagged rows (rule, table, row) side by side, rule by rule, and prints a table in Markdown.

    python compare.py ours.csv theirs.csv [notes.csv]

Rules that only one of them has are counted, not compared. Of a rule that flags several tables for one fault, the tables that both
flag are compared; the others are context. `notes.csv` (rule, who is right, why) explains differences; one that is not explained
makes this end with 1.
"""

import csv
import sys
from collections import defaultdict


def read(path):
    rules = defaultdict(lambda: defaultdict(set))
    with open(path, newline="") as file:
        for rule, table, row in list(csv.reader(file))[1:]:
            rules[rule]
            if table:
                rules[rule][table].add(int(row))
    return rules


def main(ours_path, theirs_path, notes_path=None):
    ours, theirs = read(ours_path), read(theirs_path)
    notes = {}
    if notes_path:
        with open(notes_path, newline="") as file:
            notes = {rule: (who, why) for rule, who, why in list(csv.reader(file))[1:]}
    same, differing, silent = [], [], 0
    for rule in sorted(set(ours) & set(theirs), key=lambda rule: (not rule[:1].isdigit(), len(rule), rule)):
        # A rule of ours stands in one table; theirs may mark others for the same fault.
        table = next(iter(ours[rule]), None)
        tables = [table] if table else list(theirs[rule])
        mine = {(name, row) for name in tables for row in ours[rule].get(name, ())}
        other = {(name, row) for name in tables for row in theirs[rule].get(name, ())}
        if table and not other and theirs[rule]:
            differing.append((rule, len(mine), 0, len(mine), 0, "stands in another table: " + ", ".join(theirs[rule])))
        elif mine == other:
            same.append(rule)
            silent += not mine
        else:
            differing.append((rule, len(mine), len(other), len(mine - other), len(other - mine), ""))
    print(f"{len(same) + len(differing)} rules are asked by both. {len(same)} flag exactly the same rows "
          f"({silent} of them none), {len(differing)} differ. Ours alone: {len(set(ours) - set(theirs))}; "
          f"theirs alone: {len(set(theirs) - set(ours))}.\n")
    print("| rule | rows here | rows there | only here | only there | who is right | why |\n|---|---|---|---|---|---|---|")
    unexplained = []
    for rule, mine, other, only_mine, only_other, also in differing:
        who, why = notes.get(rule, ("", also))
        if not who:
            unexplained.append(rule)
        print(f"| `{rule}` | {mine} | {other} | {only_mine} | {only_other} | {who} | {why} |")
    print(f"\nTheirs alone: {', '.join(sorted(set(theirs) - set(ours)))}.", )
    if unexplained:
        print(f"not explained: {', '.join(unexplained)}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
