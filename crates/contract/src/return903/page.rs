//! The reference page of every DfE rule, in Markdown.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use hub_domain::Dataset;

use super::rule::ReturnRule;
use super::rules;
use crate::model::{Contract, RuleInfo, RuleKind, Severity, contract};

/// Every rule over the return itself, in the order of the page.
pub fn return_rules() -> impl Iterator<Item = &'static ReturnRule> {
    rules::all()
}

/// One DfE number: the contract's rule of it, and the return's.
#[derive(Default, Clone, Copy)]
struct Entry {
    hub: Option<&'static RuleInfo>,
    agent: Option<&'static ReturnRule>,
    provider: Option<(&'static str, &'static str)>,
}

/// DfE's rules about providers, which the hub asks of the regulator's register (`GET /v1/checks`).
const PROVIDER: [(&str, &str, &str); 6] = [
    (
        "219",
        "The placement type is none of those that the provider is registered for",
        "Correct the placement type or the URN.",
    ),
    (
        "224",
        "The provider code does not go with the sector that the provider is registered in",
        "Correct the provider code or the URN.",
    ),
    ("227", "The provider was not registered any more when the episode began", "Correct the URN or the dates."),
    ("228", "The provider's registration ended before the episode did", "Correct the URN or the dates."),
    (
        "229",
        "Own provision of another authority's provider, or another authority's of an own one",
        "Use PR1 for the authority's own provision and PR2 for another's, or correct the URN.",
    ),
    (
        "1008",
        "The URN is not in the regulator's register",
        "Look it up; if it is right, the region's register may be old.",
    ),
];

/// Rules of DfE's that are not asked, and why.
const NOT_ASKED: [(&str, &str, &str); 14] = [
    ("221", "The URN's postcode is not the placement's", "The register's feed has no addresses."),
    (
        "105",
        "UASC flag is neither 0 nor 1",
        "The CSV files have no such column; of the XML form the agent reads it into uasc.",
    ),
    (
        "205A",
        "Unaccompanied last year, not this",
        "Needs the XML's own flag beside the date; 205B and 205D ask the rest.",
    ),
    ("205C", "Never unaccompanied, with a date ceased", "Needs the XML's own flag."),
    ("303", "A date ceased and no flag", "Needs the XML's own flag."),
    (
        "241",
        "A K3 placement elsewhere than its provider's premises",
        "Ofsted's list of settings is not in the regulator feed; the URN of supported accommodation is the provider's.",
    ),
    (
        "243",
        "A URN for a placement outside England",
        "Asked by the hub as 903-222 where the host authority is outside England's lists; not by itself.",
    ),
    (
        "411",
        "IN or OUT disagrees with the authority",
        "The hub works out in and out from the host authority, so that they cannot disagree.",
    ),
    ("179", "IN or OUT is not valid", "As 411."),
    ("503J", "IN or OUT changed since last year", "Follows from the authority: 503H."),
    (
        "633",
        "The authority of an earlier order is not on the list",
        "DfE's three-digit numbers of authorities are not among the published lists held here.",
    ),
    (
        "1001",
        "Not a relevant or former relevant child",
        "Thirteen weeks since fourteen cannot be counted from two years' returns; DfE's own tool gives false alarms.",
    ),
    (
        "1012",
        "Other files name a child without episodes",
        "INT01 to INT09, EPI and 628 tell the same rows by their own table.",
    ),
    ("SW11bSTG2", "The last worker ended within five days of 31 March", "SW17STG2 tells any that ended, whenever."),
];

/// `docs/reference/rules.md`, checked by a test.
pub fn rules_page() -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write_page(&mut page);
    page
}

fn entries(placements: &'static Contract) -> BTreeMap<(u32, &'static str), Entry> {
    let mut entries: BTreeMap<(u32, &'static str), Entry> = BTreeMap::new();
    for rule in &placements.rules {
        if let Some(id) = rule.id.strip_prefix("903-") {
            entries.entry(order(id)).or_default().hub = Some(rule);
        }
    }
    for rule in rules::all() {
        entries.entry(order(rule.id)).or_default().agent = Some(rule);
    }
    for (id, title, fix) in PROVIDER {
        entries.entry(order(id)).or_default().provider = Some((title, fix));
    }
    entries
}

/// By number, those without one last.
fn order(id: &'static str) -> (u32, &'static str) {
    let digits = id.split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or("");
    (digits.parse().unwrap_or(u32::MAX), id)
}

fn write_page(out: &mut String) -> fmt::Result {
    let entries = entries(contract(Dataset::Placements));
    let both = entries.values().filter(|entry| entry.hub.is_some() && entry.agent.is_some()).count();
    let agent = entries.values().filter(|entry| entry.agent.is_some()).count();
    let held = PROVIDER.len();
    writeln!(out, "# DfE's rules\n")?;
    writeln!(out, "<!-- Made from the rules themselves (crates/contract); a test holds the two together. -->\n")?;
    writeln!(
        out,
        "{} rules by DfE's number. {agent} run at the borough, in `hub-agent validate` and `push`, over the whole return before \
         anything of it is degraded; {} run at the hub, over what is sent; {both} of them at both. \
         {held} ask the regulator's register, at the hub, and are read at `GET /v1/checks`. At the hub a warning keeps the row \
         and an error leaves it out; at the borough nothing is left out because of these: they say what to mend.\n",
        entries.len(),
        entries.len() - agent + both - held,
    )?;
    writeln!(
        out,
        "`row`: one row. `set`: a child's rows together. `file-joins`: tables joined by child. `held`: against last year's return at \
         the borough, against what the hub holds at the hub. `provider`: against the `regulator` feed. A rule whose file was not given \
         is listed by the agent as *not run*; it never counts as passed.\n"
    )?;
    writeln!(
        out,
        "| rule | level | severity | where | what is wrong | what to do | in a nightly feed |\n|---|---|---|---|---|---|---|"
    )?;
    for ((_, id), entry) in &entries {
        write_row(id, *entry, out)?;
    }
    writeln!(out, "\n## Not asked\n\n| rule | what it asks | why not |\n|---|---|---|")?;
    for (id, asks, why) in NOT_ASKED {
        writeln!(out, "| `{id}` | {asks} | {why} |")?;
    }
    write_samples(out)
}

fn write_row(id: &str, Entry { hub, agent, provider }: Entry, out: &mut String) -> fmt::Result {
    if let Some((title, fix)) = provider {
        let nightly = "Not made while the region has no feed of the register, and said so.";
        return writeln!(out, "| `{id}` | provider | warning | hub | {title} | {fix} | {nightly} |");
    }
    let place = match (hub, agent) {
        (Some(_), Some(_)) => "both",
        (Some(_), None) => "hub",
        (None, _) => "agent",
    };
    let severity = hub
        .map(|rule| rule.severity)
        .or(agent.map(|rule| rule.severity))
        .map_or("", |severity| if severity == Severity::Info { "note" } else { severity.as_str() });
    let level = agent.map(|rule| rule.level.as_str()).or(hub.map(level)).unwrap_or("");
    let title = agent.map(|rule| rule.title).or(hub.map(|rule| rule.title.as_str())).unwrap_or("");
    let fix = agent.map(|rule| rule.fix).or(hub.map(|rule| rule.fix.as_str())).unwrap_or("");
    let nightly = agent.map_or("", |rule| rule.nightly);
    writeln!(out, "| `{id}` | {level} | {severity} | {place} | {title} | {fix} | {nightly} |")
}

fn level(rule: &RuleInfo) -> &'static str {
    match rule.kind {
        RuleKind::Format | RuleKind::Row => "row",
        RuleKind::Set => "set",
        RuleKind::Held => "held",
    }
}

fn write_samples(out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "\n## Samples\n\nOf each rule that runs at the borough, rows that break it and rows that do not, as its test reads them: `hd` header, \
         `ep` episodes, `ua` uasc, `o2` oc2, `o3` oc3, `ad` ad1, `sb` should be placed, `pp` previous permanence, `mi` missing, `re` \
         reviews, `sw` social workers, `dl` deprivation of liberty; with `-` before it, of last year's return; `!hd` is no header. What \
         is not said holds nothing unusual. The return is that of 2025/26.\n\n| rule | breaks it | does not |\n|---|---|---|"
    )?;
    let mut all: Vec<&ReturnRule> = rules::all().collect();
    all.sort_by_key(|rule| order(rule.id));
    for rule in all {
        writeln!(out, "| `{}` | `{}` | `{}` |", rule.id, rule.samples.0, rule.samples.1)?;
    }
    Ok(())
}
