//! A details file to fill in: its first half follows from the fields of a statement, so that it never falls behind them.

use std::fmt::Write as _;

use hub_notices::statement::{FIELDS, Field, Form, Need};

const HEAD: &str = "\
# Details of a placement in another authority's area, for `hub-agent notice raise --details`.
# Leave blank what is not known: blanks are left out.

# Goes to the hub as it stands. Nothing here may name a child, a carer or an address.
[notice]
type = \"placement\"            # consult, placement, change, intention_to_end, ended or withdraw
authority = \"\"                # the placing authority; that of the settings unless given
";
const SEALED: &str = include_str!("template.toml");

/// The text of an empty details file.
pub fn template() -> String {
    let mut text = HEAD.to_owned();
    for field in FIELDS {
        let blank = if field.form == Form::Recipients { "[]" } else { "\"\"" };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "\n# {} {}; {}.\n{} = {blank}",
            field.meaning,
            needed(field),
            field.form.wanted(),
            field.name
        );
    }
    text.push('\n');
    text.push_str(SEALED);
    text
}

fn needed(field: &Field) -> &'static str {
    match field.need {
        Need::Always => "Always needed",
        Need::Placement => "Needed to give notice",
        Need::When(_) => "Needed when it applies",
        Need::Complete => "Needed before the notice is complete",
        Need::CompleteWhen(_) => "Needed before the notice is complete, when it applies",
        Need::Intention => "Needed to say that the placement is to end",
        Need::Ended => "Needed to say that it ended",
        Need::EndedWhen(_) => "Needed to say that it ended, when it applies",
        Need::Withdrawal => "Needed to take the notice back",
        Need::Optional => "May be left out",
    }
}
