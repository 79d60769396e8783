//! The regulator's register as it stood on the day: who was registered, for what and how many, and what was judged.

use std::collections::HashMap;

use hub_domain::{AuthorityCode, Date, RegulatorRow};
use serde::Serialize;

use crate::episode::is_urn;

/// How a provider stands in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Registered.
    Registered,
    /// Applied for, not registered in law (ruling 19).
    Pending,
    /// Registered, and the registration suspended.
    Suspended,
    /// Cancelled, resigned, or over.
    Ended,
}

impl Standing {
    fn of(status: &str) -> Self {
        match status {
            "registered" => Self::Registered,
            "pending" => Self::Pending,
            "suspended" => Self::Suspended,
            _ => Self::Ended,
        }
    }

    /// The word in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Pending => "pending",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
        }
    }
}

/// The latest overall grade of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judged {
    /// A grade in its own scale.
    Graded {
        /// `four_point`, `supported_accommodation`.
        scale: String,
        grade: String,
    },
    /// Inspected since, and no overall grade given.
    WithoutOverall,
    /// Not inspected yet.
    NotYet,
}

/// A provider that is registered on the day.
#[derive(Debug, Clone)]
pub(crate) struct Registered<'a> {
    /// What it is registered as.
    pub(crate) kind: &'a str,
    /// Where it stands.
    pub(crate) la: Option<AuthorityCode>,
    pub(crate) places: u64,
    /// Of supported accommodation, its categories.
    pub(crate) categories: &'a [String],
    /// Its latest overall grade.
    pub(crate) judged: Judged,
}

/// What the register says of one provider on the day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Provider {
    /// The registration that began last.
    registration: Option<RegulatorRow>,
    /// The last overall grade: the day of its inspection, its scale, its grade.
    overall: Option<(Date, String, String)>,
    /// The last full inspection, of whatever aspect.
    inspected: Option<Date>,
    /// Accommodating nobody new, or nobody at all, is ordered on the day.
    is_restricted: bool,
}

/// The register on a day, as its entries stream past.
#[derive(Debug, Default)]
pub(crate) struct Register(HashMap<String, Provider>);

impl Register {
    /// Takes an entry; those yet to hold on the day count nowhere.
    pub(crate) fn add(&mut self, row: RegulatorRow, as_at: Date) {
        if row.effective_from > as_at || !is_urn(&row.urn) {
            return;
        }
        let provider = self.0.entry(row.urn.trim().to_owned()).or_default();
        match row.entry.as_str() {
            "registration" => provider.register(row),
            "judgement" => provider.judge(&row, as_at),
            "restriction" => {
                let closes = matches!(row.aspect.as_str(), "suspension" | "accommodation");
                provider.is_restricted |= closes && row.holds(as_at);
            }
            _ => {}
        }
    }

    /// Whether any entry was loaded.
    pub(crate) fn is_loaded(&self) -> bool {
        !self.0.is_empty()
    }

    /// How a URN stands; `None` where the register has no registration of it.
    pub(crate) fn standing(&self, urn: &str, as_at: Date) -> Option<Standing> {
        self.0.get(urn.trim())?.standing(as_at)
    }

    /// The latest overall grade of a URN; `None` where the register has nothing of it.
    pub(crate) fn judged(&self, urn: &str) -> Option<Judged> {
        self.0.get(urn.trim()).map(Provider::judged)
    }

    /// Whether an order in force keeps new children, or all, from a URN.
    pub(crate) fn is_restricted(&self, urn: &str) -> bool {
        self.0.get(urn.trim()).is_some_and(|provider| provider.is_restricted)
    }

    /// Providers registered on the day.
    pub(crate) fn registered(&self, as_at: Date) -> impl Iterator<Item = Registered<'_>> {
        let registered = self.0.values().filter(move |provider| provider.standing(as_at) == Some(Standing::Registered));
        registered.filter_map(|provider| {
            let row = provider.registration.as_ref()?;
            let places = row.registered_places.and_then(|places| u64::try_from(places).ok()).unwrap_or(0);
            let (kind, judged) = (row.provider_type.as_deref()?, provider.judged());
            Some(Registered { kind, la: row.la, places, categories: &row.categories, judged })
        })
    }
}

impl Provider {
    fn register(&mut self, row: RegulatorRow) {
        if self.registration.as_ref().is_none_or(|kept| kept.effective_from < row.effective_from) {
            self.registration = Some(row);
        }
    }

    /// Interim inspections, whose scale says how things went since, leave the grade as it stood.
    fn judge(&mut self, row: &RegulatorRow, as_at: Date) {
        let (Some(scale), Some(grade)) = (row.scale.clone(), row.grade.clone()) else { return };
        if scale == "effectiveness" || !row.holds(as_at) {
            return;
        }
        let on = row.effective_from;
        self.inspected = self.inspected.max(Some(on));
        if row.aspect == "overall" && self.overall.as_ref().is_none_or(|(last, ..)| *last < on) {
            self.overall = Some((on, scale, grade));
        }
    }

    fn standing(&self, as_at: Date) -> Option<Standing> {
        let row = self.registration.as_ref()?;
        let status = row.registration_status.as_deref().unwrap_or_default();
        Some(if row.holds(as_at) { Standing::of(status) } else { Standing::Ended })
    }

    fn judged(&self) -> Judged {
        match (&self.overall, self.inspected) {
            (Some((on, scale, grade)), Some(last)) if *on >= last => {
                Judged::Graded { scale: scale.clone(), grade: grade.clone() }
            }
            (_, Some(_)) => Judged::WithoutOverall,
            (_, None) => Judged::NotYet,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const AS_AT: Date = date(2026, 3, 1);

    fn entry(entry: &str, from: Date) -> RegulatorRow {
        RegulatorRow { urn: "SC012345".into(), entry: entry.into(), effective_from: from, ..RegulatorRow::default() }
    }

    fn registration(status: &str, from: Date, to: Option<Date>) -> RegulatorRow {
        let status = Some(status.to_owned());
        RegulatorRow { registration_status: status, effective_to: to, ..entry("registration", from) }
    }

    fn judgement(aspect: &str, scale: &str, grade: &str, from: Date) -> RegulatorRow {
        let (scale, grade) = (Some(scale.to_owned()), Some(grade.to_owned()));
        RegulatorRow { aspect: aspect.into(), scale, grade, ..entry("judgement", from) }
    }

    fn register(rows: impl IntoIterator<Item = RegulatorRow>) -> Register {
        let mut register = Register::default();
        rows.into_iter().for_each(|row| register.add(row, AS_AT));
        register
    }

    #[test]
    fn the_registration_that_began_last_counts_until_the_day_it_ends() {
        let standing = |rows: Vec<RegulatorRow>| register(rows).standing("SC012345", AS_AT);
        assert_eq!(standing(vec![]), None);
        let first = registration("registered", date(2020, 1, 1), None);
        assert_eq!(standing(vec![first.clone()]), Some(Standing::Registered));
        let suspended = registration("suspended", date(2026, 2, 1), None);
        assert_eq!(standing(vec![suspended, first.clone()]), Some(Standing::Suspended), "in any order");
        assert_eq!(standing(vec![registration("registered", date(2020, 1, 1), Some(AS_AT))]), Some(Standing::Ended));
        let later = registration("cancelled", date(2026, 3, 2), None);
        assert_eq!(standing(vec![first, later]), Some(Standing::Registered), "what has not come counts nowhere");
    }

    #[test]
    fn the_grade_is_the_last_overall_one_unless_an_inspection_since_gave_none() {
        let good = judgement("overall", "four_point", "good", date(2025, 2, 1));
        let graded = Judged::Graded { scale: "four_point".into(), grade: "good".into() };
        assert_eq!(register([]).judged("SC012345"), None);
        let listed = registration("registered", date(2020, 1, 1), None);
        assert_eq!(register([listed]).judged("SC012345"), Some(Judged::NotYet));
        assert_eq!(register([good.clone()]).judged("SC012345").as_ref(), Some(&graded));
        let interim = judgement("overall", "effectiveness", "declined", date(2026, 1, 1));
        assert_eq!(
            register([good.clone(), interim]).judged("SC012345").as_ref(),
            Some(&graded),
            "an interim visit leaves the grade"
        );
        let aspects = judgement("protection", "four_point", "inadequate", date(2026, 2, 1));
        assert_eq!(register([good.clone(), aspects]).judged("SC012345"), Some(Judged::WithoutOverall));
        let tomorrow = judgement("overall", "four_point", "inadequate", date(2026, 3, 2));
        assert_eq!(register([good, tomorrow]).judged("SC012345").as_ref(), Some(&graded));
    }

    #[test]
    fn a_restriction_closes_a_home_while_it_holds() {
        let order = |aspect: &str, to| RegulatorRow {
            aspect: aspect.into(),
            effective_to: to,
            ..entry("restriction", date(2026, 1, 24))
        };
        for (aspect, to, closed) in [
            ("accommodation", None, true),
            ("suspension", Some(date(2026, 3, 2)), true),
            ("accommodation", Some(AS_AT), false),
            ("conditions", None, false),
        ] {
            assert_eq!(register([order(aspect, to)]).is_restricted("SC012345"), closed, "{aspect} {to:?}");
        }
    }
}
