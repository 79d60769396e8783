//! `docs/reference/notices.md` is made from the fields of a statement. To write it anew:
//! `HUB_WRITE_REFERENCE=1 cargo test -p hub-notices`.

#![cfg(test)]

use std::fmt::Write as _;

use hub_notices::statement::{Condition, FIELDS, Need};
use hub_notices::{ClockKind, Details, DisputeReason, Flag, Mark, NoticeState, SealedPart, Standing, StatementKind};

const HEAD: &str = "# Notices\n\n\
    `POST /v1/notices` takes a JSON object: `type`, `authority` (needed by a caller who speaks for several), `provisional`, and the \
    fields below. More is said of a notice by `POST /v1/notices/{id}/statements`, or with `notice_id`, or by the same \
    `child_ref`, `host` and `placement_start`. A change says only what changes; `null` takes a field back. What names or finds a \
    child, needs, risks and plans travel sealed to the host and are refused here.\n\n\
    A refusal names every field, what is wanted there and the rule that wants it. With `\"provisional\": true` a notice is kept as a \
    draft with what it lacks, and the host does not see it. A whole one is \
    [`placement.json`](../../crates/notices/samples/placement.json). Why it is so: \
    [decision 9](../decisions/0009-statements-beside-the-feed.md), [decision 10](../decisions/0010-clocks.md).\n";

const DETAILS: &str = "\n## What must be in a notice besides (reg 13(4)(b))\n\n\
    The assessment of needs with why this placement suits them best, and the care plan, belong to the notice and travel sealed, so \
    they come after it. `planned` and `emergency` are met by the notice (reg 13(4)(a)); `details` runs to the same day and is met \
    when needs and care plan lie sealed for the host, or the notice says that they were given by another way (`needs_given_on`, \
    `care_plan_given_on`). Until then the notice says `details: outstanding`, to both sides, and once the day has passed the \
    ladder says `notice.details_outstanding`. The rest of the envelope is in `outstanding` until it comes, and a notice is not \
    `complete` without it. Why: [decision 24](../decisions/0024-what-a-notice-must-say.md).\n";

const APART: &str = "\n## What is no notice here\n\n\
    * **Outside England and Wales** (reg 12; Children Act 1989, Sch 2 para 19): a placement in Scotland or Northern Ireland is a \
    notice like any other, flagged `outside_england_and_wales`, and needs `abroad_approval` and `abroad_approved_on`. A host that \
    does not take part is held and shown to the placing authority.\n\
    * **Director's approval and consultation** of a placement at a distance are reg 11, not reg 12: `director_approval_missing` \
    and `consult_missing`.\n\
    * **Children whom nobody looks after** (Children Act 1989, ss.85 and 86: three months in a hospital, a school, a care home or \
    an independent hospital) are in none of the feeds: no clock runs for them here. What it would take: \
    [decision 24](../decisions/0024-what-a-notice-must-say.md).\n\
    * **Short breaks** (903 LS V3, V4): no notice is due (reg 48(3)(b)). A home's word of one is \
    [listed as what it is](reconciliation.md).\n";

fn need(need: Need) -> String {
    match need {
        Need::Always => "to consult and to give notice",
        Need::Placement => "to give notice",
        Need::When(condition) => when(condition),
        Need::Complete => "before it is complete",
        Need::CompleteWhen(condition) => return format!("before it is complete, {}", when(condition)),
        Need::Intention => "for `intention_to_end`",
        Need::Ended => "for `ended`",
        Need::EndedWhen(condition) => return format!("for `ended`, {}", when(condition)),
        Need::Withdrawal => "for `withdraw`",
        Need::Optional => "",
    }
    .to_owned()
}

fn when(condition: Condition) -> &'static str {
    match condition {
        Condition::Approval => "where approval is needed (not reg 11(4))",
        Condition::Emergency => "in an emergency",
        Condition::Asylum => "for an unaccompanied asylum-seeking child",
        Condition::Interpreter => "with an interpreter",
        Condition::Registered => "in a setting that Ofsted has registered",
        Condition::Home => "in a registered children's home or supported accommodation",
        Condition::Staffed => "where staff look after the child (no family)",
        Condition::Practice => "where a general practitioner is arranged",
        Condition::Plan => "with an EHC plan",
        Condition::Police => "when the police were told",
        Condition::Abroad => "in Scotland or Northern Ireland",
        Condition::Moved => "where the child moves (903 REC X1)",
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
    page.push_str("\n## Fields\n\n| field | value | needed | wanted by | what it says |\n|---|---|---|---|---|\n");
    for field in FIELDS {
        let (name, wanted, rule, meaning) = (field.name, field.form.wanted(), field.rule, field.meaning);
        writeln!(page, "| `{name}` | {wanted} | {} | {rule} | {meaning} |", need(field.need)).unwrap();
    }
    list(&mut page, "Parts of the sealed envelope", words!(SealedPart));
    page.push_str(DETAILS);
    list(&mut page, "State of the details", words!(Details));
    list(&mut page, "Standing: who has given notice", words!(Standing));
    list(&mut page, "State: how far the host has got", words!(NoticeState));
    list(&mut page, "Reasons of a dispute", words!(DisputeReason));
    list(&mut page, "Marks", words!(Mark));
    list(&mut page, "Flags", words!(Flag));
    list(&mut page, "Clocks", ClockKind::ALL.iter().map(|kind| (kind.as_str(), kind.source())).collect());
    page.push_str(APART);
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
