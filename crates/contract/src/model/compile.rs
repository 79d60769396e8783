//! From the text of a contract file to a [`Contract`].

use hub_domain::Dataset;

use super::odcs::{Custom, Document, Object, Property, Quality, Scalar};
use super::rule::{RuleInfo, RuleKind, Severity};
use super::terms::{self, Terms};
use super::{Column, Contract, Kind, lists};
use crate::rules;

/// Why a contract file does not compile. Each says where.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// Not YAML, or a key that the subset does not have.
    #[error("not a contract: {0}")]
    Shape(#[from] yaml_serde::Error),
    /// A key holds something it may not.
    #[error("{at}: {reason}")]
    Value {
        /// Which key.
        at: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// An error at `at`.
pub(super) fn wrong(at: impl Into<String>, reason: impl Into<String>) -> ContractError {
    ContractError::Value { at: at.into(), reason: reason.into() }
}

pub(super) fn compile(text: &str) -> Result<Contract, ContractError> {
    let document: Document = yaml_serde::from_str(text)?;
    check_head(&document)?;
    let dataset: Option<Dataset> = document.id.parse().ok();
    let [table] = document.schema.as_slice() else {
        return Err(wrong("schema", "a contract has exactly one table"));
    };
    let rules = compile_rules(dataset, &document.id, table)?;
    let columns =
        table.properties.iter().map(|property| compile_column(property, &rules)).collect::<Result<Vec<_>, _>>()?;
    let key = compile_key(table)?;
    let settings = Terms::read(&document.custom_properties)?;
    let period = settings.period(&columns)?;
    if dataset.is_some_and(|known| known.is_regional() != settings.sent_by_region) {
        return Err(wrong(
            "customProperties sentBy",
            "is region for what the region's own sender sends, and only for that",
        ));
    }
    Ok(Contract {
        name: document.id,
        dataset,
        by_region: settings.sent_by_region,
        version: document.version,
        title: document.name,
        purpose: document.description.purpose,
        usage: document.description.usage,
        limitations: document.description.limitations,
        row: table.description.clone(),
        columns,
        key,
        sla: terms::sla(&document.sla_properties)?,
        shrink_share: settings.shrink_share,
        reject_share: settings.reject_share,
        error_policy: settings.error_policy,
        rules,
        text: text.to_owned(),
        period,
    })
}

fn check_head(document: &Document) -> Result<(), ContractError> {
    if document.kind != "DataContract" {
        return Err(wrong("kind", "must be DataContract"));
    }
    if document.api_version != "v3.1.0" {
        return Err(wrong("apiVersion", "must be v3.1.0"));
    }
    if document.status != "active" {
        return Err(wrong("status", "must be active"));
    }
    let table = document.schema.first().map(|table| (table.name.as_str(), table.logical_type.as_str()));
    if table.is_some_and(|table| table != (document.id.as_str(), "object")) {
        return Err(wrong("schema", "the table bears the id of the contract and is an object"));
    }
    Ok(())
}

fn compile_rules(dataset: Option<Dataset>, name: &str, table: &Object) -> Result<Vec<RuleInfo>, ContractError> {
    let kinds = table.properties.iter().filter(|property| names_no_rule(property)).map(kind_of);
    let mut all = rules::general(&kinds.collect::<Result<Vec<_>, _>>()?);
    for rule in &table.quality {
        let at = format!("rule {}", rule.id);
        if rule.sort != "custom" || rule.engine != "hub" {
            return Err(wrong(at, "type must be custom and engine hub"));
        }
        let kind = match rule.implementation.as_str() {
            "format" => RuleKind::Format,
            "row" => RuleKind::Row,
            "set" => RuleKind::Set,
            "held" => RuleKind::Held,
            other => return Err(wrong(at, format!("implementation must be format, row, set or held, not {other}"))),
        };
        let severity = match rule.severity.as_str() {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            "info" => Severity::Info,
            other => return Err(wrong(at, format!("severity must be error, warning or info, not {other}"))),
        };
        if all.iter().any(|known| known.id == rule.id) {
            return Err(wrong(at, "listed twice"));
        }
        if kind != RuleKind::Format && !rules::is_implemented(dataset, kind, &rule.id) {
            return Err(wrong(at, format!("the hub has no {} rule of that id for {name}", kind.as_str())));
        }
        all.push(RuleInfo {
            id: rule.id.clone(),
            kind,
            severity,
            title: rule.name.clone(),
            fix: rule.description.clone(),
            source: source_of(rule)?,
        });
    }
    Ok(all)
}

/// Whether a cell of the wrong form breaks the rule of its kind rather than one of the column's own.
fn names_no_rule(property: &Property) -> bool {
    property.custom_properties.iter().all(|custom| custom.property != "rule")
}

fn source_of(rule: &Quality) -> Result<String, ContractError> {
    let at = || format!("rule {}", rule.id);
    let mut source = rule.id.strip_prefix("903-").map(|number| format!("DfE SSDA903 validation rule {number}"));
    for custom in &rule.custom_properties {
        match (custom.property.as_str(), &custom.value) {
            ("source", Scalar::Text(text)) => source = Some(text.clone()),
            (other, _) => return Err(wrong(at(), format!("unknown property {other}"))),
        }
    }
    source.ok_or_else(|| wrong(at(), "says no source"))
}

fn compile_key(table: &Object) -> Result<Vec<usize>, ContractError> {
    let mut parts: Vec<(u8, usize)> = table
        .properties
        .iter()
        .enumerate()
        .filter(|(_, property)| property.primary_key)
        .map(|(index, property)| (property.primary_key_position, index))
        .collect();
    parts.sort_unstable();
    if parts.is_empty() || parts.iter().zip(1..).any(|((position, _), expected)| *position != expected) {
        return Err(wrong("primaryKeyPosition", "key columns are numbered from 1 without a gap"));
    }
    Ok(parts.into_iter().map(|(_, index)| index).collect())
}

fn compile_column(property: &Property, rules: &[RuleInfo]) -> Result<Column, ContractError> {
    let at = || format!("column {}", property.name);
    let kind = kind_of(property)?;
    let extras = Extras::read(property)?;
    let child_level = match property.classification.as_str() {
        "child-level" => true,
        "" => false,
        other => return Err(wrong(at(), format!("classification is child-level or absent, not {other}"))),
    };
    if (kind == Kind::Code) != extras.codes.is_some() {
        return Err(wrong(at(), "codes go with physicalType code, and only with it"));
    }
    let id = extras.rule.as_deref().unwrap_or_else(|| rules::rule_of(kind));
    let rule = rules.iter().position(|rule| rule.id == id && rule.kind == RuleKind::Format);
    let rule = rule.ok_or_else(|| wrong(at(), format!("no format rule is called {id}")))?;
    let mapped = extras.mapping(&at())?;
    Ok(Column {
        name: property.name.clone(),
        kind,
        list: is_list(property)?,
        required: property.required,
        child_level,
        note: property.description.clone(),
        example: property.examples.first().cloned().unwrap_or_default(),
        may_name: extras.may_name,
        empty_when_blank: property.primary_key && !property.required,
        rule: u16::try_from(rule).unwrap_or(0),
        codes: extras.codes,
        mapped,
    })
}

/// The properties of a column that the standard has no key for.
#[derive(Default)]
struct Extras {
    codes: Option<super::code::CodeList>,
    rule: Option<String>,
    may_name: bool,
    mapped: Vec<String>,
}

impl Extras {
    fn read(property: &Property) -> Result<Self, ContractError> {
        let mut extras = Self::default();
        for Custom { property: key, value } in &property.custom_properties {
            match (key.as_str(), value) {
                ("codes", value) => extras.codes = Some(lists::resolve(&property.name, value)?),
                ("rule", Scalar::Text(id)) => extras.rule = Some(id.clone()),
                ("namesExpected", Scalar::Flag(flag)) => extras.may_name = *flag,
                ("readAs", Scalar::List(pairs)) => extras.mapped.clone_from(pairs),
                _ => return Err(wrong(format!("column {}", property.name), format!("unknown property {key}"))),
            }
        }
        Ok(extras)
    }

    /// `1=M` reads the code 1 as M.
    fn mapping(&self, at: &str) -> Result<Vec<(u8, u8)>, ContractError> {
        let place =
            |text: &str| self.codes.as_ref().and_then(|codes| codes.find(text.as_bytes())).map(|(index, _)| index);
        let pair = |text: &String| {
            let (from, to) = text.split_once('=')?;
            Some((place(from)?, place(to)?))
        };
        self.mapped
            .iter()
            .map(|text| pair(text).ok_or_else(|| wrong(at, "readAs names a code that is not listed")))
            .collect()
    }
}

fn is_list(property: &Property) -> Result<bool, ContractError> {
    let expected = match property.physical_type.as_str() {
        "date" | "timestamp" | "boolean" | "integer" => property.physical_type.as_str(),
        "money" | "miles" => "number",
        _ => "string",
    };
    match property.logical_type.as_str() {
        "array" => Ok(true),
        logical if logical == expected => Ok(false),
        other => Err(wrong(
            format!("column {}", property.name),
            format!("logicalType must be {expected} or array, not {other}"),
        )),
    }
}

fn kind_of(property: &Property) -> Result<Kind, ContractError> {
    let options = &property.logical_type_options;
    let (min, max) = (options.min_length.unwrap_or(1), options.max_length.unwrap_or(64));
    Ok(match property.physical_type.as_str() {
        "token" => Kind::Token { min, max, open: false },
        "reference" => Kind::Token { min, max, open: true },
        "code" => Kind::Code,
        "text" => Kind::Text { max },
        "date" => Kind::Date,
        "month" => Kind::Month,
        "timestamp" => Kind::Timestamp,
        "boolean" => Kind::Boolean,
        "integer" => {
            Kind::Integer { min: options.minimum.unwrap_or(0), max: options.maximum.unwrap_or(i64::from(i32::MAX)) }
        }
        "money" => Kind::Money,
        "miles" => Kind::Miles,
        "sector" => Kind::Sector,
        "outcode" => Kind::Outcode,
        "authority" => Kind::Authority,
        "urn" => Kind::Urn,
        other => return Err(wrong(format!("column {}", property.name), format!("unknown physicalType {other}"))),
    })
}
