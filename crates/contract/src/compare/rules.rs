//! Rules of two versions. Rules of form follow from the columns and are told there.

use super::{Changes, Weight};
use crate::model::{Contract, RuleInfo, Severity};
use crate::rules::is_general;

const LEAVES_OUT: &str = "Rows that were taken until now are left out.";
const TOLD: &str = "Nothing is left out for it: the report says more, or less.";

pub(super) fn compare(older: &Contract, newer: &Contract, changes: &mut Changes) {
    for rule in older.rules.iter().filter(|rule| is_own(rule) && newer.rule(&rule.id).is_none()) {
        changes.say(Weight::Compatible, at(rule), "it is gone", "Whatever was good before is good still.");
    }
    for rule in newer.rules.iter().filter(|rule| is_own(rule)) {
        let Some(before) = older.rule(&rule.id) else {
            let (weight, why) = weigh(rule.severity);
            changes.say(weight, at(rule), format!("it is new, as {}", named(rule.severity)), why);
            continue;
        };
        if before.severity != rule.severity {
            let (weight, why) = weigh(rule.severity);
            let what = format!("{} becomes {}", named(before.severity), named(rule.severity));
            changes.say(weight, at(rule), what, why);
        }
        if before.kind != rule.kind {
            let what = format!("it looks at another thing: {} becomes {}", before.kind.as_str(), rule.kind.as_str());
            changes.say(weigh(rule.severity).0, at(rule), what, "It may be broken by other rows than before.");
        }
        changes.words(&at(rule), "title", (&before.title, &rule.title));
        changes.words(&at(rule), "advice", (&before.fix, &rule.fix));
        changes.words(&at(rule), "source", (&before.source, &rule.source));
    }
}

fn is_own(rule: &RuleInfo) -> bool {
    !is_general(&rule.id)
}

fn at(rule: &RuleInfo) -> String {
    format!("rule {}", rule.id)
}

const fn named(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "an error",
        Severity::Warning => "a warning",
        Severity::Info => "a note",
    }
}

const fn weigh(severity: Severity) -> (Weight, &'static str) {
    match severity {
        Severity::Error => (Weight::Breaking, LEAVES_OUT),
        Severity::Warning | Severity::Info => (Weight::Compatible, TOLD),
    }
}
