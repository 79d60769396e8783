//! From JSON to a statement, or to everything that is wrong with it.

use std::borrow::Cow;

use hub_domain::{AuthorityCode, Date, authority};
use serde_json::{Map, Value};

use super::{FIELDS, Field, Form, Need, Statement, StatementKind};

/// One thing wrong with a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field.
    pub field: Cow<'static, str>,
    /// What is wanted there; never what was sent.
    pub wanted: String,
    /// What wants it.
    pub rule: &'static str,
    /// It is missing, and may come later when the statement is provisional.
    pub missing: bool,
    /// It may not be said in clear, whatever it says.
    pub over_collected: bool,
}

/// A statement as read from a request, before it is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// All that is said: what stood before, changed by this.
    pub said: Statement,
    /// What is wrong with it.
    pub wrong: Vec<Wrong>,
}

/// Names that belong in the sealed envelope.
const SEALED: &[&str] = &[
    "name",
    "known_as",
    "first_name",
    "last_name",
    "surname",
    "forename",
    "dob",
    "date_of_birth",
    "birth_date",
    "birth_month",
    "sex",
    "gender",
    "upn",
    "nhs_number",
    "address",
    "uprn",
    "postcode",
    "carer",
    "carer_name",
    "carer_phone",
    "manager_name",
    "manager_phone",
    "parental_responsibility",
    "parents",
    "needs",
    "needs_summary",
    "why_most_suitable",
    "care_plan",
    "risks",
    "risk_flags",
    "risk_plan",
    "youth_justice",
    "remand",
];

/// Rule of every over-collected field.
const CLEAR: &str = "hub: tier 3 travels sealed";

/// Reads what `kind` says on top of `before`. `null` takes a field back.
pub fn read(
    kind: StatementKind,
    members: Map<String, Value>,
    before: Option<&Statement>,
    placing: AuthorityCode,
    today: Date,
) -> Draft {
    let mut wrong = Vec::new();
    let mut merged = match before.and_then(|said| serde_json::to_value(said).ok()) {
        Some(Value::Object(said)) => said,
        _ => Map::new(),
    };
    for (name, value) in members {
        match FIELDS.iter().find(|field| field.name == name) {
            None => wrong.push(unknown(&name)),
            Some(_) if value.is_null() => drop(merged.remove(&name)),
            Some(field) if field.form.reads(&value) => drop(merged.insert(name, value)),
            Some(field) => wrong.push(fault(field, false)),
        }
    }
    let said: Statement = serde_json::from_value(Value::Object(merged)).unwrap_or_default();
    wrong.extend(missing(kind, &said, placing, &wrong));
    wrong.extend(contradictions(kind, &said, placing, today));
    Draft { said, wrong }
}

impl Wrong {
    /// A field that says what would name or find a child.
    pub fn in_clear(field: &Field) -> Self {
        Self {
            field: Cow::Borrowed(field.name),
            wanted: "words without a date of birth, postcode, number or name of a child: these travel sealed"
                .to_owned(),
            rule: CLEAR,
            missing: false,
            over_collected: true,
        }
    }
}

fn unknown(name: &str) -> Wrong {
    let sealed = SEALED.iter().find(|known| **known == name);
    Wrong {
        // A name that is not ours is the caller's own text, and is not repeated.
        field: sealed.map_or(Cow::Borrowed(""), |known| Cow::Borrowed(*known)),
        wanted: match sealed {
            Some(_) => "nothing in clear: this part travels sealed to the host".to_owned(),
            None => "only the fields of a statement".to_owned(),
        },
        rule: CLEAR,
        missing: false,
        over_collected: sealed.is_some(),
    }
}

fn fault(field: &Field, missing: bool) -> Wrong {
    Wrong {
        field: Cow::Borrowed(field.name),
        wanted: field.form.wanted(),
        rule: field.rule,
        missing,
        over_collected: false,
    }
}

fn missing(kind: StatementKind, said: &Statement, placing: AuthorityCode, wrong: &[Wrong]) -> Vec<Wrong> {
    let absent = |field: &&Field| !said.says(field.name) && wrong.iter().all(|one| one.field != field.name);
    FIELDS.iter().filter(|field| needed(kind, field, said, placing)).filter(absent).map(|it| fault(it, true)).collect()
}

fn needed(kind: StatementKind, field: &Field, said: &Statement, placing: AuthorityCode) -> bool {
    match kind {
        StatementKind::Consult => field.need == Need::Always,
        StatementKind::Placement | StatementKind::Change => match field.need {
            Need::Always | Need::Placement => true,
            Need::When(condition) => condition.holds(said, placing),
            Need::Complete
            | Need::CompleteWhen(_)
            | Need::Intention
            | Need::Ended
            | Need::EndedWhen(_)
            | Need::Withdrawal
            | Need::Optional => false,
        },
        StatementKind::IntentionToEnd => field.need == Need::Intention,
        StatementKind::Ended => match field.need {
            Need::Ended => true,
            Need::EndedWhen(condition) => condition.holds(said, placing),
            Need::Always
            | Need::Placement
            | Need::When(_)
            | Need::Complete
            | Need::CompleteWhen(_)
            | Need::Intention
            | Need::Withdrawal
            | Need::Optional => false,
        },
        StatementKind::Withdraw => field.need == Need::Withdrawal,
    }
}

/// Values that are each well formed and cannot be true together.
fn contradictions(kind: StatementKind, said: &Statement, placing: AuthorityCode, today: Date) -> Vec<Wrong> {
    let found = of_facts(said, placing).into_iter().chain(of_days(kind, said, today));
    found
        .filter(|(found, _, _)| *found)
        .map(|(_, name, wanted)| Wrong {
            field: Cow::Borrowed(name),
            wanted: wanted.to_owned(),
            rule: FIELDS.iter().find(|field| field.name == name).map_or("", |field| field.rule),
            missing: false,
            over_collected: false,
        })
        .collect()
}

/// Whether it is so, of which field, and what is wanted there.
type Contradiction = (bool, &'static str, &'static str);

fn of_facts(said: &Statement, placing: AuthorityCode) -> [Contradiction; 5] {
    let dfe = said.host.and_then(authority::find).and_then(|host| host.dfe.as_deref());
    let in_care = said.section_31 == Some(true);
    [
        (said.host == Some(placing), "host", "another authority than the placing one"),
        (
            said.host_dfe.as_deref().zip(dfe).is_some_and(|(said, known)| said != known),
            "host_dfe",
            "the number of the authority that host names",
        ),
        (
            said.section_20 == Some(true) && in_care,
            "section_31",
            "false where section_20 is true: a child is looked after under one of them",
        ),
        (
            said.is_home() && said.registration.as_deref() == Some("not_required"),
            "registration",
            "registered, pending or unregistered: such a home must be registered",
        ),
        (
            in_care && said.abroad_approval.as_deref() == Some("parental_responsibility"),
            "abroad_approval",
            "court: of a child in care the court decides",
        ),
    ]
}

fn of_days(kind: StatementKind, said: &Statement, today: Date) -> [Contradiction; 5] {
    let to_come = |day: Option<Date>| day.is_some_and(|day| day > today);
    let before_start = |day: Option<Date>| day.zip(said.placement_start).is_some_and(|(day, start)| day < start);
    let ended = kind == StatementKind::Ended;
    let ending = kind == StatementKind::IntentionToEnd;
    [
        (ended && to_come(said.ended_on), "ended_on", "a day that has come; intention_to_end speaks of one to come"),
        (ended && before_start(said.ended_on), "ended_on", "a day not before placement_start"),
        (ending && before_start(said.ending_on), "ending_on", "a day not before placement_start"),
        (to_come(said.needs_given_on), "needs_given_on", "a day that has come"),
        (to_come(said.care_plan_given_on), "care_plan_given_on", "a day that has come"),
    ]
}

impl Draft {
    /// What a person wrote, by field: to be looked through for what may not be said in clear.
    pub fn written(&self) -> Vec<(&'static Field, String)> {
        let Ok(Value::Object(said)) = serde_json::to_value(&self.said) else { return Vec::new() };
        let fields = FIELDS.iter().filter(|field| field.form.is_written() || field.form == Form::Recipients);
        let texts = fields.filter_map(|field| Some((field, said.get(field.name)?)));
        texts.flat_map(|(field, value)| words(value).into_iter().map(move |text| (field, text))).collect()
    }
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().filter_map(|one| one.get("withheld")?.as_str().map(str::to_owned)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}
