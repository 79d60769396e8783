//! What a broker looks for.

use std::str::FromStr;

use hub_sufficiency::Filter;

use crate::layout::Page;
use crate::refused::Refused;

/// The form as it was sent.
#[derive(Debug)]
pub(super) struct Asked(Filter);

impl Asked {
    /// Reads the query of the page.
    pub(super) fn read(page: &Page) -> Result<Self, Refused> {
        let query = page.query();
        let age = query.parsed::<i64>("age", "whole years, 0 to 25")?;
        if age.is_some_and(|age| !(0..=25).contains(&age)) {
            return Err(Refused::Invalid("age must be whole years, 0 to 25.".to_owned()));
        }
        let sex = query.get("sex").map(str::to_owned);
        if sex.as_deref().is_some_and(|sex| !matches!(sex, "M" | "F" | "U")) {
            return Err(Refused::Invalid("sex must be M, F or U.".to_owned()));
        }
        let max_miles = query.parsed::<f64>("max_miles", "a number of miles")?;
        if max_miles.is_some_and(|miles| !miles.is_finite() || miles < 0.0) {
            return Err(Refused::Invalid("max_miles must be a number of miles.".to_owned()));
        }
        Ok(Self(Filter {
            provision: each(page, "provision", "a kind of home from the list")?,
            age,
            sex,
            needs: each(page, "needs", "needs from the list")?,
            siblings: query.parsed("siblings", "how many children together")?,
            host: Vec::new(),
            near: query.parsed("near", "an authority from the list")?,
            max_miles,
            needed_by: query.parsed("needed_by", "a date such as 2026-04-01")?,
            usable_only: query.get("usable_only").is_some(),
        }))
    }

    pub(super) fn filter(&self) -> &Filter {
        &self.0
    }

    /// Whether the kind of home was ticked.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes what it names by reference")]
    pub(super) fn seeks(&self, provision: &hub_domain::Provision) -> bool {
        self.0.provision.contains(provision)
    }

    /// Whether the need was ticked.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes what it names by reference")]
    pub(super) fn needs(&self, need: &hub_domain::Need) -> bool {
        self.0.needs.contains(need)
    }

    pub(super) fn is_sex(&self, sex: &str) -> bool {
        self.0.sex.as_deref().unwrap_or_default() == sex
    }

    pub(super) fn is_near(&self, code: &str) -> bool {
        self.0.near.is_some_and(|near| near.as_str() == code)
    }

    fn said<T: ToString>(value: Option<&T>) -> String {
        value.map_or_else(String::new, ToString::to_string)
    }

    pub(super) fn age(&self) -> String {
        Self::said(self.0.age.as_ref())
    }

    pub(super) fn siblings(&self) -> String {
        Self::said(self.0.siblings.as_ref())
    }

    pub(super) fn max_miles(&self) -> String {
        Self::said(self.0.max_miles.as_ref())
    }

    pub(super) fn needed_by(&self) -> String {
        Self::said(self.0.needed_by.as_ref())
    }
}

/// Every box ticked.
fn each<T: FromStr>(page: &Page, name: &str, wanted: &str) -> Result<Vec<T>, Refused> {
    let read = |text: &str| text.parse().map_err(|_| Refused::Invalid(format!("{name} must be {wanted}.")));
    page.query().all(name).map(read).collect()
}
