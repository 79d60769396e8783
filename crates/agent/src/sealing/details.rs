//! The details file: what a person fills in. Its `notice` part goes to the hub as it stands; its `sealed` part and its
//! attachments leave this machine in an envelope or not at all.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hub_notices::SealedPart;
use hub_notices::envelope::EnvelopeKind;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::contents::{Attachment, is_plain};

/// Parts whose words would name a child, an adult or a place if they stood in the notice in clear.
const NAMING: [SealedPart; 6] = [
    SealedPart::Name,
    SealedPart::DateOfBirth,
    SealedPart::Identifiers,
    SealedPart::Address,
    SealedPart::Carer,
    SealedPart::ParentalResponsibility,
];
/// Risks of which a host is to be told each: that there is one, that there is none, or that nobody knows.
const RISKS: [&str; 7] =
    ["missing", "sexual_exploitation", "criminal_exploitation", "gangs", "self_harm", "fire", "harm_to_others"];
/// Shorter words stand in any text by chance.
const SHORTEST: usize = 5;

/// A notice and what is to be sealed for it.
#[derive(Clone, PartialEq)]
pub struct Details {
    /// Tier 1 and 2, as the hub takes it.
    pub notice: Map<String, Value>,
    /// Tier 3, by part.
    sealed: Map<String, Value>,
    attachments: Vec<Attachment>,
}

/// What goes into one envelope.
pub type Share = (EnvelopeKind, Map<String, Value>, Vec<Attachment>);

/// A details file cannot be used. What it holds is never told, only where.
#[derive(Debug, thiserror::Error)]
pub enum DetailsError {
    /// It cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is neither TOML nor JSON, or not laid out as the template is.
    #[error("{} does not read at line {line}; `hub-agent notice template` prints the layout", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// Where, counted from 1.
        line: usize,
    },
    /// A name under `sealed` is no sealed part.
    #[error("[sealed] has no part called {name}; there are {}", SealedPart::ALL.iter().map(|part| part.as_str()).collect::<Vec<_>>().join(", "))]
    Part {
        /// The name.
        name: String,
    },
    /// An attachment's name is not one that every system takes.
    #[error("attachment {n} has a name that not every system takes; rename the file")]
    Name {
        /// Which, counted from 1.
        n: usize,
    },
    /// Two attachments have one name.
    #[error("attachments {n} and an earlier one have the same name; rename one")]
    Twice {
        /// Which, counted from 1.
        n: usize,
    },
    /// Something that is to be sealed stands in clear in the notice.
    #[error("what [sealed] says in {sealed} stands in clear in [notice] {notice}. Nothing was sent. Take it out there")]
    InClear {
        /// The sealed part.
        sealed: String,
        /// The field of the notice.
        notice: String,
    },
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    notice: Map<String, Value>,
    #[serde(default)]
    sealed: Map<String, Value>,
    #[serde(default, rename = "attachment")]
    attachments: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    part: SealedPart,
    file: PathBuf,
}

impl Details {
    /// Reads a details file, and the sealed part from a file of its own if there is one. Attachments are read too.
    pub fn read(path: &Path, apart: Option<&Path>) -> Result<Self, DetailsError> {
        let mut written = parse(path)?;
        let mut attachments = load(path, std::mem::take(&mut written.attachments))?;
        if let Some(apart) = apart {
            let more = parse(apart)?;
            written.sealed.extend(more.sealed);
            attachments.extend(load(apart, more.attachments)?);
        }
        let mut notice = written.notice;
        // A null says that a field is to be taken out of the notice: only blanks go.
        notice.retain(|_, value| value.is_null() || prune(value));
        let mut sealed = written.sealed;
        sealed.retain(|_, value| prune(value));
        let details = Self { notice, sealed, attachments };
        details.check()?;
        Ok(details)
    }

    /// Whether there is anything to seal.
    pub fn has_sealed(&self) -> bool {
        !self.sealed.is_empty() || !self.attachments.is_empty()
    }

    /// What is to be sealed as one part.
    pub(super) fn part(&self, part: SealedPart) -> Option<&Value> {
        self.sealed.get(part.as_str())
    }

    /// Risks of which nothing is said, not even that there is none or that it is not known; none where risks are told in
    /// one text, or not sealed at all.
    pub fn unsaid_risks(&self) -> Vec<&'static str> {
        let Some(Value::Object(risks)) = self.part(SealedPart::Risks) else { return Vec::new() };
        RISKS.into_iter().filter(|risk| !risks.contains_key(*risk)).collect()
    }

    /// What goes into each envelope: a protected address into one of its own.
    pub fn shares(&self) -> Vec<Share> {
        let is_protected = self.notice.get("address_protected").and_then(Value::as_bool) == Some(true);
        let apart = |name: &str| is_protected && name == SealedPart::Address.as_str();
        let (address, rest): (Map<_, _>, Map<_, _>) =
            self.sealed.clone().into_iter().partition(|(name, _)| apart(name));
        let mut shares = Vec::new();
        if !rest.is_empty() || !self.attachments.is_empty() {
            shares.push((EnvelopeKind::Details, rest, self.attachments.clone()));
        }
        if !address.is_empty() {
            shares.push((EnvelopeKind::ProtectedAddress, address, Vec::new()));
        }
        shares
    }

    fn check(&self) -> Result<(), DetailsError> {
        if let Some(name) = self.sealed.keys().find(|name| name.parse::<SealedPart>().is_err()) {
            return Err(DetailsError::Part { name: name.clone() });
        }
        let mut names = BTreeSet::new();
        for (n, file) in (1..).zip(&self.attachments) {
            if !is_plain(&file.name) {
                return Err(DetailsError::Name { n });
            }
            if !names.insert(file.name.to_lowercase()) {
                return Err(DetailsError::Twice { n });
            }
        }
        self.refuse_in_clear()
    }

    fn refuse_in_clear(&self) -> Result<(), DetailsError> {
        let mut clear = Vec::new();
        for (name, value) in &self.notice {
            leaves(value, &mut |text| clear.push((name, text.to_lowercase())));
        }
        for part in NAMING {
            let mut secret = Vec::new();
            if let Some(value) = self.sealed.get(part.as_str()) {
                leaves(value, &mut |text| secret.push(text.trim().to_lowercase()));
            }
            secret.retain(|text| text.chars().count() >= SHORTEST);
            let tells = |clear: &String| secret.iter().any(|text| clear.contains(text));
            if let Some((notice, _)) = clear.iter().find(|(_, clear)| tells(clear)) {
                return Err(DetailsError::InClear { sealed: part.to_string(), notice: (*notice).clone() });
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Details {
    /// Nothing of a child goes into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Details").field("attachments", &self.attachments.len()).finish_non_exhaustive()
    }
}

fn parse(path: &Path) -> Result<Written, DetailsError> {
    let fault = |source| DetailsError::Read { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(fault)?;
    let form = |line| DetailsError::Form { path: path.to_owned(), line };
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        return serde_json::from_str(&text).map_err(|fault| form(fault.line()));
    }
    toml::from_str(&text).map_err(|fault| {
        let before = fault.span().and_then(|span| text.get(..span.start));
        form(before.map_or(1, |before| before.matches('\n').count() + 1))
    })
}

fn load(beside: &Path, named: Vec<Named>) -> Result<Vec<Attachment>, DetailsError> {
    let folder = beside.parent().unwrap_or(Path::new(""));
    let mut files = Vec::new();
    for Named { part, file } in named.into_iter().filter(|named| !named.file.as_os_str().is_empty()) {
        let path = folder.join(file);
        let bytes = std::fs::read(&path).map_err(|source| DetailsError::Read { path: path.clone(), source })?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        files.push(Attachment { part, name, bytes });
    }
    Ok(files)
}

/// Takes out what was left blank; whether anything is left. A TOML date becomes its text.
fn prune(value: &mut Value) -> bool {
    if let Value::Object(members) = value {
        if let Some(date) = members.get("$__toml_private_datetime").cloned() {
            *value = date;
            return true;
        }
        members.retain(|_, member| prune(member));
    }
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => {
            items.retain_mut(prune);
            !items.is_empty()
        }
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Every text of a value.
fn leaves(value: &Value, take: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => take(text),
        Value::Number(number) => take(&number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, take)),
        Value::Object(members) => members.values().for_each(|member| leaves(member, take)),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Details, DetailsError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plan.pdf"), b"a plan").unwrap();
        let path = folder.path().join("details.toml");
        std::fs::write(&path, text).unwrap();
        Details::read(&path, None)
    }

    const RIGHT: &str = r#"
        [notice]
        host = "E10000016"
        placement_start = 2026-06-03
        address_protected = true
        language = ""
        [sealed]
        name = { given = "Made", family = "Uppington" }
        date_of_birth = 2012-09-30
        sex = ""
        address = { lines = ["1 Nowhere Lane"], uprn = "" }
        [sealed.risks]
        missing = ""
        [[attachment]]
        part = "care_plan"
        file = "plan.pdf"
    "#;

    #[test]
    fn what_was_left_blank_is_not_there_and_a_protected_address_is_sealed_apart() {
        let details = read(RIGHT).unwrap();
        assert!(!details.notice.contains_key("language") && details.has_sealed());
        let shares = details.shares();
        assert_eq!(shares[0].0, EnvelopeKind::Details);
        assert_eq!(shares[0].1.keys().collect::<Vec<_>>(), ["date_of_birth", "name"]);
        assert_eq!(shares[0].1["date_of_birth"], "2012-09-30");
        assert_eq!(shares[0].2[0].bytes, b"a plan");
        assert_eq!((shares[1].0, shares[1].1.len()), (EnvelopeKind::ProtectedAddress, 1));
        let open = read(&RIGHT.replace("address_protected = true", "address_protected = false")).unwrap();
        assert_eq!(open.shares().len(), 1);
        assert_eq!(format!("{open:?}"), "Details { attachments: 1, .. }");
    }

    #[test]
    fn every_risk_is_said_or_named_as_unsaid() {
        let unsaid = |risks: &str| read(&format!("[sealed]\nname = \"x\"\n{risks}")).unwrap().unsaid_risks();
        assert_eq!(unsaid(""), [""; 0], "not sealed at all: the notice says that it is outstanding");
        assert_eq!(unsaid("risks = \"none\"\n"), [""; 0]);
        let some = unsaid("[sealed.risks]\nmissing = \"twice in June\"\nfire = \"none\"\ngangs = \"\"\n");
        assert_eq!(some, ["sexual_exploitation", "criminal_exploitation", "gangs", "self_harm", "harm_to_others"]);
        let written: Written = toml::from_str(&super::super::template()).unwrap();
        assert!(RISKS.iter().all(|risk| written.sealed["risks"].get(risk).is_some()), "the template asks for each");
    }

    #[test]
    fn dates_of_the_notice_are_text_too() {
        assert_eq!(read(RIGHT).unwrap().notice["placement_start"], "2026-06-03");
    }

    #[test]
    fn what_is_sealed_may_not_stand_in_clear() {
        for planted in ["asked of Mrs UPPINGTON", "born 2012-09-30", "at 1 nowhere lane, first"] {
            let told = read(&RIGHT.replace("language = \"\"", &format!("language = \"{planted}\""))).unwrap_err();
            assert!(matches!(&told, DetailsError::InClear { notice, .. } if notice == "language"), "{told}");
            assert!(!told.to_string().to_lowercase().contains("uppington"), "{told}");
        }
    }

    #[test]
    fn what_does_not_read_is_told_by_place_and_never_by_value() {
        let told = read("[notice]\n[sealed]\nname = Secretname\n").unwrap_err().to_string();
        assert!(told.contains("line 3") && !told.contains("Secretname"), "{told}");
        let told = read("[sealed]\nnmae = \"Secretname\"\n").unwrap_err().to_string();
        assert!(told.contains("nmae") && told.contains("date_of_birth") && !told.contains("Secretname"), "{told}");
        let told = read("[[attachment]]\npart = \"care_plan\"\nfile = \"gone.pdf\"\n").unwrap_err();
        assert!(matches!(told, DetailsError::Read { .. }));
        let twice = "[[attachment]]\npart = \"care_plan\"\nfile = \"plan.pdf\"\n".repeat(2);
        assert!(matches!(read(&twice), Err(DetailsError::Twice { n: 2 })));
    }

    #[test]
    fn the_template_reads_has_every_field_and_seals_nothing() {
        let text = super::super::template();
        let details = read(&text).unwrap();
        assert!(!details.has_sealed());
        assert_eq!(details.notice.keys().collect::<Vec<_>>(), ["type"], "blanks are left out");
        let written: Written = toml::from_str(&text).unwrap();
        assert_eq!(written.notice.len(), hub_notices::statement::FIELDS.len() + 2);
        assert!(written.sealed.keys().all(|name| name.parse::<SealedPart>().is_ok()));
    }
}
