//! Which gaps are asked for.

use hub_domain::ages::StrategyBand;
use hub_domain::{Need, Provision, SubRegion};

use crate::layout::Page;
use crate::refused::Refused;

/// Every one of a dimension, a row each.
const EACH: &str = "each";
/// All of a dimension taken together.
const ALL: &str = "all";

/// The fields of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// A sub-region's key, or each.
    pub(super) area: String,
    /// A kind of home, each, or all together.
    pub(super) provision: String,
    /// An age band, each, or all together.
    pub(super) age: String,
    /// A need, or each of them; `None` where gaps are asked for by age and kind of home.
    pub(super) need: Option<String>,
}

/// A value that a field can have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) words: &'static str,
    pub(super) is_chosen: bool,
}

impl Asked {
    /// Reads the query of the page.
    pub(super) fn read(page: &Page) -> Result<Self, Refused> {
        let asked = Self {
            area: page.query().get("area").unwrap_or(EACH).to_owned(),
            provision: page.query().get("provision").unwrap_or(EACH).to_owned(),
            age: page.query().get("age").unwrap_or(ALL).to_owned(),
            need: page.query().get("need").filter(|need| *need != ALL).map(str::to_owned),
        };
        for (name, label, choices) in asked.choices() {
            if !choices.iter().any(|choice| choice.is_chosen) {
                return Err(Refused::Invalid(format!("{label}: choose one of the list ({name}=).")));
            }
        }
        Ok(asked)
    }

    /// The table that answers.
    pub(super) fn table(&self) -> &'static str {
        if self.need.is_some() { "market_gaps_by_need" } else { "market_gaps" }
    }

    /// Whether a row with that label is asked for.
    pub(super) fn takes(asked: &str, label: &str) -> bool {
        if asked == EACH { label != ALL } else { asked == label }
    }

    /// The form's fields: name, label, values.
    pub(super) fn choices(&self) -> Vec<(&'static str, &'static str, Vec<Choice>)> {
        let field = |asked: &str, values: Vec<(&'static str, &'static str)>| {
            let choice = |(value, words)| Choice { value, words, is_chosen: value == asked };
            values.into_iter().map(choice).collect()
        };
        let areas = SubRegion::ALL.iter().map(|area| (area.as_str(), area.label()));
        let areas = [(EACH, "Each sub-region")].into_iter().chain(areas).chain([("outside_london", "Outside London")]);
        let kinds = Provision::ALL.iter().map(|kind| (kind.as_str(), kind.label()));
        let kinds = [(EACH, "Each kind"), (ALL, "All kinds together")].into_iter().chain(kinds);
        let ages = StrategyBand::ALL.iter().map(|band| (band.as_str(), band.as_str()));
        let ages = [(ALL, "All ages together"), (EACH, "Each age band")].into_iter().chain(ages);
        let needs = Need::ALL.iter().map(|need| (need.as_str(), need.label()));
        let needs = [(ALL, "Any: by age and kind of home"), (EACH, "Each need"), ("none", "No need named")]
            .into_iter()
            .chain(needs);
        vec![
            ("area", "Sub-region of the children's boroughs", field(&self.area, areas.collect())),
            ("provision", "Kind of home sought first", field(&self.provision, kinds.collect())),
            ("age", "Age", field(&self.age, ages.collect())),
            ("need", "Essential need named first", field(self.need.as_deref().unwrap_or(ALL), needs.collect())),
        ]
    }
}
