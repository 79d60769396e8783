//! Feeds to send: made-up children, as few columns as the contract lets pass.

use std::fmt::Write as _;

use hub_domain::{AuthorityCode, Dataset};

/// Letters that spell no word and no number.
const LETTERS: &[u8; 16] = b"bcdfghjkmnpqrstv";
const HEAD: &str = "child_ref,episode_start,birth_month,sex,ethnicity,uasc,reason_new_episode,legal_status,category_of_need,\
                    placement_type,placement_provider,placement_la,distance_miles,urn";

/// A child of a placements feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Pseudonym.
    pub child: String,
    /// First day of the one episode.
    pub start: String,
    /// In whose area the child is placed.
    pub host: String,
    /// Legal status, for something to amend.
    pub legal: &'static str,
}

/// One submission: what is said of it, and its bytes.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Which contract.
    pub dataset: Dataset,
    /// Whose.
    pub authority: AuthorityCode,
    /// `full`, `window` or `changes`.
    pub mode: &'static str,
    /// Business date.
    pub as_at: String,
    /// With `window`.
    pub covers_from: Option<String>,
    /// Corrects an older date.
    pub correction: bool,
    /// Stores nothing.
    pub dry_run: bool,
    /// `Idempotency-Key`.
    pub key: String,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
    /// `Content-Type`.
    pub kind: &'static str,
    /// The bytes.
    pub body: Vec<u8>,
}

/// A pseudonym of 40 letters, the same for the same words.
pub fn child_ref(words: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, words.as_bytes());
    let letter = |nibble: u8| char::from(LETTERS[usize::from(nibble)]);
    digest.as_ref().iter().take(20).flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]).collect()
}

/// A whole notice of a placement in `host` from 10 June 2026, as a borough's system would send it; without type and
/// authority.
pub fn placement(words: &str, host: &str) -> serde_json::Value {
    let sample = include_str!("../../notices/samples/placement.json");
    let mut sample: serde_json::Value = serde_json::from_str(sample).unwrap_or_default();
    if let Some(members) = sample.as_object_mut() {
        members.insert("child_ref".to_owned(), child_ref(words).into());
        members.insert("host".to_owned(), host.into());
    }
    sample
}

impl Child {
    /// A child placed in `host`'s area since 2 March 2026.
    pub fn placed(words: &str, host: &str) -> Self {
        Self { child: child_ref(words), start: "2026-03-02".to_owned(), host: host.to_owned(), legal: "C2" }
    }

    fn write(&self, csv: &mut String) {
        let Self { child, start, host, legal } = self;
        let _ = write!(csv, "{child},{start},2012-09,F,WBRI,false,S,{legal},N1,U6,PR1,{host},4.2,SC012345");
    }
}

impl Feed {
    /// A feed of `dataset` as at the last day of March 2026, mode full, with the key `key`.
    pub fn of(authority: AuthorityCode, dataset: Dataset, key: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            dataset,
            authority,
            mode: "full",
            as_at: "2026-03-31".to_owned(),
            covers_from: None,
            correction: false,
            dry_run: false,
            key: key.to_owned(),
            headers: Vec::new(),
            kind: "text/csv",
            body: body.into(),
        }
    }

    /// A placements feed.
    pub fn placements(authority: AuthorityCode, key: &str, children: &[Child]) -> Self {
        let mut csv = format!("{HEAD}\r\n");
        for child in children {
            child.write(&mut csv);
            csv.push_str("\r\n");
        }
        Self::of(authority, Dataset::Placements, key, csv)
    }

    /// A placements feed of changes: some children said, some deleted.
    pub fn changes(authority: AuthorityCode, key: &str, said: &[Child], deleted: &[Child]) -> Self {
        let mut csv = format!("{HEAD},_op\r\n");
        for (child, op) in
            said.iter().map(|child| (child, "upsert")).chain(deleted.iter().map(|child| (child, "delete")))
        {
            child.write(&mut csv);
            let _ = write!(csv, ",{op}\r\n");
        }
        Self { mode: "changes", ..Self::of(authority, Dataset::Placements, key, csv) }
    }

    /// A feed with the contract's headings and no rows.
    pub fn empty(authority: AuthorityCode, dataset: Dataset, key: &str) -> Self {
        Self::of(authority, dataset, key, hub_contract::csv_template(hub_contract::contract(dataset)))
    }

    /// Where it is sent.
    pub fn path(&self) -> String {
        let Self { dataset, authority, mode, as_at, .. } = self;
        let mut path = format!("/v1/submissions?dataset={dataset}&authority={authority}&mode={mode}&as_at={as_at}");
        if let Some(from) = &self.covers_from {
            path.push_str(&format!("&covers_from={from}"));
        }
        for (name, said) in [("correction", self.correction), ("dry_run", self.dry_run)] {
            if said {
                path.push_str(&format!("&{name}=true"));
            }
        }
        path
    }

    /// Its headers, but for the token.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("content-type", self.kind.to_owned())];
        if !self.key.is_empty() {
            headers.push(("idempotency-key", self.key.clone()));
        }
        headers.extend(self.headers.iter().cloned());
        headers
    }
}
