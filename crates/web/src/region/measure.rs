//! What the map can show.

use crate::layout::Page;
use crate::refused::Refused;

/// A measure of each authority, out of a published table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Measure {
    /// As the address names it.
    pub(super) id: &'static str,
    /// As people read it.
    pub(super) words: &'static str,
    /// What one is.
    pub(super) unit: &'static str,
    /// The table.
    pub(super) table: &'static str,
    /// Labels of its rows, besides the area.
    pub(super) labels: &'static [(&'static str, &'static str)],
    /// The column.
    pub(super) column: &'static str,
}

const RATE: Measure = Measure {
    id: "rate",
    words: "Children in care per 10,000",
    unit: "children in care for every 10,000 aged 0 to 17",
    table: "children_in_care_rate",
    labels: &[],
    column: "rate_per_10000",
};

/// The choice, the usual one first.
pub(super) const MEASURES: &[Measure] = &[
    RATE,
    Measure {
        id: "children",
        words: "Children in care",
        unit: "children",
        table: "children_in_care",
        labels: &[("age_band", "all"), ("status", "all")],
        column: "children",
    },
    Measure {
        id: "in-area",
        words: "Children living in their own borough",
        unit: "children",
        table: "in_borough",
        labels: &[("where", "in_area")],
        column: "children",
    },
    Measure {
        id: "over-20-miles",
        words: "Children living over 20 miles from home",
        unit: "children",
        table: "distance",
        labels: &[("measured", "home"), ("miles", "beyond_20")],
        column: "children",
    },
    Measure {
        id: "taken-in",
        words: "Other boroughs' children living here",
        unit: "children",
        table: "net_import",
        labels: &[],
        column: "taken_in_stock",
    },
    Measure {
        id: "sent-out",
        words: "Children living in other areas",
        unit: "children",
        table: "net_import",
        labels: &[],
        column: "sent_out_stock",
    },
    Measure {
        id: "places",
        words: "Registered places of homes and providers",
        unit: "places in the regulator's register",
        table: "places_by_grade",
        labels: &[("scale", "all"), ("grade", "all")],
        column: "registered_places",
    },
    Measure {
        id: "not-in-time",
        words: "Notices to hosts not in time",
        unit: "children's moves in twelve months",
        table: "notice_timeliness",
        labels: &[("month", "all"), ("host", "all")],
        column: "not_in_time",
    },
];

impl Measure {
    /// The one that `?measure=` names; `None` where it names none.
    pub(super) fn asked(page: &Page) -> Result<Option<&'static Self>, Refused> {
        let Some(asked) = page.query().get("measure") else { return Ok(None) };
        let found = MEASURES.iter().find(|measure| measure.id == asked);
        found.map(Some).ok_or_else(|| {
            let known: Vec<&str> = MEASURES.iter().map(|measure| measure.id).collect();
            Refused::Invalid(format!("There is no such measure. The map can show: {}.", known.join(", ")))
        })
    }

    /// The first of the choice.
    pub(super) const fn first() -> &'static Self {
        &RATE
    }
}

#[cfg(test)]
mod tests {
    use hub_sufficiency::layout;

    use super::*;

    #[test]
    fn every_measure_is_a_column_of_a_published_table() {
        for measure in MEASURES {
            let layout = layout(measure.table).unwrap_or_else(|| panic!("{} is no table", measure.table));
            assert!(layout.measures.iter().any(|(name, _)| name == measure.column), "{}", measure.id);
            for label in measure.labels.iter().map(|(label, _)| *label).chain(["area", "area_name"]) {
                assert!(layout.dimensions.iter().any(|name| name == label), "{} has no {label}", measure.id);
            }
        }
    }
}
