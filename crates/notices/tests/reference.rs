//! `docs/reference/notices.md` is made from the fields of a statement. To write it anew:
//! `HUB_WRITE_REFERENCE=1 cargo test -p hub-notices`.

#![cfg(test)]

use std::fmt::Write as _;

use hub_notices::statement::{Condition, FIELDS, Need};
use hub_notices::{ClockKind, Flag, Mark, NoticeState, SealedPart, Standing, StatementKind};

const HEAD: &str = "# Notices\n\n\
    `POST /v1/notices` takes a JSON object: `type`, `authority` (needed by a caller who speaks for several), `provisional`, and the \
    fields below. More is said of a notice by `POST /v1/notices/{id}/statements`, or with `notice_id`, or by the same \
    `child_ref`, `host` and `placement_start`. A change says only what changes; `null` takes a field back. What names or finds a \
    child, needs, risks and plans travel sealed to the host and are refused here.\n\n\
    A refusal names every field, what is wanted there and the rule that wants it. With `\"provisional\": true` a notice is kept as a \
    draft with what it lacks, and the host does not see it. A whole one is \
    [`placement.json`](../../crates/notices/samples/placement.json). Why it is so: \
    [decision 9](../decisions/0009-statements-beside-the-feed.md), [decision 10](../decisions/0010-clocks.md).\n";

fn need(need: Need) -> &'static str {
    match need {
        Need::Always => "to consult and to give notice",
        Need::Placement => "to give notice",
        Need::When(Condition::Approval) => "where approval is needed (not reg 11(4))",
        Need::When(Condition::Emergency) => "in an emergency",
        Need::When(Condition::Interpreter) => "with an interpreter",
        Need::When(Condition::Plan) => "with an EHC plan",
        Need::When(Condition::Police) => "when the police were told",
        Need::Complete => "before it is complete",
        Need::Optional => "",
    }
}

macro_rules! words {
    ($type:ident) => {
        $type::ALL.iter().map(|one| (one.as_str(), one.label())).collect()
    };
}

fn list(page: &mut String, title: &str, words: Vec<(&str, &str)>) {
    write!(page, "\n## {title}\n\n").unwrap();
    for (word, label) in words {
        writeln!(page, "* `{word}` — {label}").unwrap();
    }
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    list(&mut page, "Types", words!(StatementKind));
    page.push_str(
        "\n`intention_to_end` needs `ending_on`, `ended` needs `ended_on`, `withdraw` needs `withdrawn_because`.\n",
    );
    page.push_str("\n## Fields\n\n| field | value | needed | wanted by | what it says |\n|---|---|---|---|---|\n");
    for field in FIELDS {
        let (name, wanted, rule, meaning) = (field.name, field.form.wanted(), field.rule, field.meaning);
        writeln!(page, "| `{name}` | {wanted} | {} | {rule} | {meaning} |", need(field.need)).unwrap();
    }
    list(&mut page, "Parts of the sealed envelope", words!(SealedPart));
    list(&mut page, "Standing: who has given notice", words!(Standing));
    list(&mut page, "State: how far the host has got", words!(NoticeState));
    list(&mut page, "Marks", words!(Mark));
    list(&mut page, "Flags", words!(Flag));
    list(&mut page, "Clocks", ClockKind::ALL.iter().map(|kind| (kind.as_str(), kind.source())).collect());
    page
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch of a test")]
fn the_reference_page_is_what_the_fields_make() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/notices.md");
    if std::env::var("HUB_WRITE_REFERENCE").is_ok() {
        std::fs::write(path, page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), page(), "docs/reference/notices.md is not what the fields make");
}
