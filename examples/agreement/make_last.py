"""Makes a return of "the year before" from a return, for no sample of two years is published: the same rows, of which some
children are left out, some cells are blanked and some ends are taken off, always the same ones.

    python make_last.py FOLDER NEW_FOLDER
"""

import csv
import os
import sys

KEYS = {"CHILD", "DECOM"}
ENDS = {"DEC", "REC", "MIS_END"}


def main(folder, into):
    os.makedirs(into, exist_ok=True)
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".csv"):
            continue
        with open(os.path.join(folder, name), newline="", encoding="utf-8-sig") as file:
            headings, *rows = csv.reader(file)
        made = []
        for row in rows:
            child = int("".join(filter(str.isdigit, row[0])) or 0)
            cells = dict(zip(headings, row))
            if child % 5 == 0:
                continue
            if child % 3 == 0:
                heading = headings[(child // 3) % len(headings)]
                if heading not in KEYS:
                    cells[heading] = ""
            if child % 7 == 0:
                cells.update({heading: "" for heading in ENDS & set(headings)})
            made.append([cells[heading] for heading in headings])
        with open(os.path.join(into, name), "w", newline="") as file:
            csv.writer(file).writerows([headings, *made])


if __name__ == "__main__":
    main(*sys.argv[1:])
