//! What readers of releases have seen, and what of it cannot be right (promise D2).

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Answer;
use crate::persona::Persona;

/// The tables that were read, by release and name; and everything that was wrong with them.
#[derive(Debug, Default)]
pub struct Watch {
    /// Release and table → its bytes and their tag.
    pub tables: BTreeMap<(String, String), String>,
    /// Sets that are no set, tables that have changed.
    pub mixed: Vec<String>,
    /// Sets read whole.
    pub sets: usize,
}

impl Watch {
    /// Takes in one table of a release: all it says must be of that release, and its bytes may never differ.
    pub fn take(&mut self, release: &str, name: &str, answer: &Answer) {
        let text = answer.text();
        let named = releases_named(&text);
        if named != BTreeSet::from([release]) {
            self.mixed.push(format!("{name} of {release} names {named:?}"));
        }
        let tag = format!("{} {text}", answer.header("etag"));
        let kept = self.tables.entry((release.to_owned(), name.to_owned())).or_insert_with(|| tag.clone());
        if *kept != tag {
            self.mixed.push(format!("{name} of {release} has changed"));
        }
    }

    /// Takes in what another reader has seen.
    pub fn merge(&mut self, other: Self) {
        for (place, tag) in other.tables {
            if self.tables.insert(place.clone(), tag.clone()).is_some_and(|kept| kept != tag) {
                self.mixed.push(format!("{place:?} differs between readers"));
            }
        }
        self.mixed.extend(other.mixed);
        self.sets += other.sets;
    }

    /// Reads the whole set: the list, then each table of the release that the list names, and one table by name alone.
    ///
    /// # Errors
    /// When the hub goes away meanwhile.
    ///
    /// # Panics
    /// When the hub answers with anything but the tables.
    pub async fn look(&mut self, reader: &Persona) -> Result<(), reqwest::Error> {
        let list = reader.try_get("/v1/tables").await?.expect(200).json();
        let items = list["items"].as_array().expect("a list");
        let releases: BTreeSet<&str> = items.iter().filter_map(|table| table["release"].as_str()).collect();
        if releases.len() != 1 {
            self.mixed.push(format!("one list names {releases:?}"));
        }
        let release = releases.first().copied().unwrap_or_default();
        for name in items.iter().filter_map(|table| table["name"].as_str()) {
            let table = reader.try_get(&format!("/v1/releases/{release}/tables/{name}")).await?.expect(200);
            self.take(release, name, &table);
        }
        let current = reader.try_get("/v1/tables/placement_mix").await?.expect(200).text();
        if releases_named(&current).len() != 1 {
            self.mixed.push(format!("one table names {:?}", releases_named(&current)));
        }
        self.sets += 1;
        Ok(())
    }

    /// Reads every table seen so far once more: none may have changed.
    ///
    /// # Errors
    /// When the hub goes away meanwhile.
    pub async fn look_again(&mut self, reader: &Persona) -> Result<(), reqwest::Error> {
        let known: Vec<(String, String)> = self.tables.keys().cloned().collect();
        for (release, name) in known {
            let table = reader.try_get(&format!("/v1/releases/{release}/tables/{name}")).await?.expect(200);
            self.take(&release, &name, &table);
        }
        Ok(())
    }

    /// The first few faults, and how many there are.
    pub fn faults(&self) -> Vec<String> {
        let first = self.mixed.iter().take(5).cloned();
        first.chain((self.mixed.len() > 5).then(|| format!("{} faults in all", self.mixed.len()))).collect()
    }
}

/// Every id that stands in a table: only its release's has the shape of one.
fn releases_named(text: &str) -> BTreeSet<&str> {
    let is_id = |word: &&str| word.len() == 36 && word.bytes().filter(|byte| *byte == b'-').count() == 4;
    text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-')).filter(is_id).collect()
}
