//! The reference page of the definitions, held to the registry by a test.

use std::fmt::Write as _;

use super::{Definition, Vector};
use crate::registry::{definitions, find, is_published};

const HEAD: &str = "# Definitions\n\n\
    What every published figure means. `GET /v1/definitions` and `hub definition list` list the same, \
    `GET /v1/definitions/{id}` and `hub definition show` show one (`?version=`, `--version` an earlier one). Every row of a \
    published table carries `definition` and `definition_version`, the day it is true of (`as_at`), the moment as of which \
    the records were known (`as_known`), the date of an outside denominator (`denominator_vintage`, blank where there is \
    none) and its `release`. A changed definition is a new version; both can be computed side by side: an authority reads \
    its own table by either (`GET /v1/own/tables/{id}?version=`), and `hub definition compare` sets them beside each other \
    row by row. A share is published as its numerator and its denominator, each a count that passes the release gate.\n\n\
    Test vectors are in the answer of the API: records, and the figures they must give; a test computes every one.\n";

/// `docs/reference/definitions.md` is this text.
pub fn definitions_page() -> String {
    let mut page = HEAD.to_owned();
    // Writing to a string does not fail.
    for definition in definitions() {
        let _ = write!(page, "\n## {}\n\n`{}`, version {}", definition.title, definition.id, definition.version);
        let _ = writeln!(page, "{}.\n\n{}\n", standing(definition), definition.words);
        for (name, text) in definition.parts() {
            if !text.is_empty() {
                let _ = writeln!(page, "* {name}: {text}");
            }
        }
        for variant in definition.variants {
            let _ = writeln!(page, "* `{}`: {}", variant.id, variant.words);
        }
        for Vector { shows, .. } in definition.vectors {
            let _ = writeln!(page, "* Tested: {shows}");
        }
    }
    page
}

fn standing(definition: &Definition) -> String {
    match find(definition.id) {
        Some(in_force) if in_force.version != definition.version => {
            format!(", replaced by version {}", in_force.version)
        }
        Some(_) if !is_published(definition.id) => ", asked for on its own".to_owned(),
        _ => String::new(),
    }
}

impl Definition {
    /// What it says under which heading, in the order in which people read it; blank where it says nothing.
    pub fn parts(&self) -> [(&'static str, &'static str); 11] {
        [
            ("Who is counted", self.cohort),
            ("Numerator", self.numerator),
            ("Denominator", self.denominator),
            ("Window", self.window),
            ("Ages", if self.banding == "none" { "" } else { self.banding }),
            ("One is", self.unit),
            ("Rounding", self.rounding),
            ("Rule", self.source),
            ("Read from", self.datasets),
            ("Limits", self.limits),
            ("Owner", self.owner),
        ]
    }
}
