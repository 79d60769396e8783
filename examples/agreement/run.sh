#!/bin/sh
# Sets DfE's rules as they run here beside the sector's validator, over its own published samples, and prints the page
# docs/reference/rules-agreement.md. Ends with 1 if a difference is not explained in notes.csv.
#
#   examples/agreement/run.sh SAMPLES > docs/reference/rules-agreement.md
#
# SAMPLES holds header.csv, episodes.csv and the rest (data-to-insight/csc-validator-be-903, tests/fake_data). The validator is
# not part of this project: python3 -m venv target/tmp/val && target/tmp/val/bin/pip install csc-validator-be-903
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
samples=${1:?give the folder of samples}
python=${PYTHON:-$root/target/tmp/val/bin/python}
work=$(mktemp -d "$root/target/agreement.XXXXXX")
trap 'rm -rf "$work"' EXIT
if ! "$python" -c 'import lac_validator' 2>/dev/null; then
    echo "csc-validator-be-903 is not installed for $python: nothing was compared" >&2
    exit 2
fi
"$python" "$here/make_last.py" "$samples" "$work/last"
judge() { (cd "$root" && cargo run -q -p hub-contract --example judge_return -- 2018 "$@"); }
judge "$samples" "$work/last" > "$work/ours.csv"
FRESH=1 "$python" "$here/theirs.py" 2018 "$samples" "$work/last" > "$work/theirs.csv" 2> "$work/theirs.txt"
"$python" "$here/theirs.py" 2018 "$samples" "$work/last" > "$work/shared.csv" 2> /dev/null
cat <<PAGE
# Agreement with the sector's validator

<!-- Printed by examples/agreement/run.sh. -->

DfE's rules as they run here ([rules](rules.md)) beside csc-validator-be-903 $("$python" -c 'from importlib.metadata import version; print(version("csc-validator-be-903"))')
(rules of 2025/26), over the validator's own published sample of a return of 2017/18 — 2,675 children, 5,050 episodes, twelve files —
with a return of the year before made from it (\`examples/agreement/make_last.py\`: no sample of two years is published). Compared are, rule by rule, the
rows that each flags. Of theirs: $(tail -1 "$work/theirs.txt").

The validator gives each rule a shallow copy of its tables, so that what one rule changes the next one reads: rule 365, for one, fills in
every open end, after which 388 finds a thousand episodes that end. The comparison below gives each of its rules tables of its own
(\`FRESH=1\`). As it stands the validator itself differs from that in these: $(python3 "$here/compare.py" "$work/shared.csv" "$work/theirs.csv" 2>/dev/null | sed -n 's/^| `\([^`]*\)`.*/\1/p' | paste -sd, | sed 's/,/, /g').

To repeat it:

    python3 -m venv target/tmp/val && target/tmp/val/bin/pip install csc-validator-be-903
    examples/agreement/run.sh FOLDER_OF_SAMPLES

PAGE
python3 "$here/compare.py" "$work/ours.csv" "$work/theirs.csv" "$here/notes.csv"
cat <<'PAGE'
Of those, 164, 169, 241, 243, 392a, 392c, 406, 411, 420, 454, 1015 and 179 ask where a placement is, which the return does not say: theirs
looks postcodes up in a list it carries; here the agent does so with the borough's own directory and the hub asks them of the feed (see the
column "where" of [rules](rules.md)). Why the others are not asked stands at the end of that page.
PAGE
