//! What stands against a provider or a home on the day.

use std::collections::{BTreeSet, HashMap};

use hub_domain::{AuthorityCode, Date, QualityRow, VacancyRow};

/// How far a restriction in force reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bar {
    /// A suspension is in force: nobody places there.
    Suspended,
    /// A serious concern is in force: only the member that raised it may judge otherwise.
    SeriousConcern,
}

/// Restrictions in force, by URN, and by setting where the event names one.
#[derive(Default)]
pub(crate) struct Restrictions(HashMap<(String, Option<String>), Standing>);

/// What stands against one provider or setting.
#[derive(Clone, Default)]
pub(crate) struct Standing {
    suspended: bool,
    /// Who raised a serious concern.
    raisers: BTreeSet<AuthorityCode>,
}

impl Restrictions {
    /// Takes one event of quality as `authority` reports it.
    pub(crate) fn add(&mut self, authority: AuthorityCode, row: &QualityRow, as_at: Date) {
        let suspends = row.is_suspension(as_at);
        let concerns = row.is_serious(as_at);
        if row.urn.trim().is_empty() || !(suspends || concerns) {
            return;
        }
        let key = (row.urn.trim().to_owned(), row.setting_ref.clone());
        let in_force = self.0.entry(key).or_default();
        in_force.suspended |= suspends;
        if concerns {
            in_force.raisers.insert(authority);
        }
    }

    /// Everything in force against one setting, its provider's included.
    pub(crate) fn standing(&self, setting: &VacancyRow) -> Standing {
        let urn = setting.urn.trim().to_owned();
        let keys = [(urn.clone(), None), (urn, Some(setting.setting_ref.clone()))];
        let mut standing = Standing::default();
        for found in keys.iter().filter_map(|key| self.0.get(key)) {
            standing.suspended |= found.suspended;
            standing.raisers.extend(&found.raisers);
        }
        standing
    }
}

impl Standing {
    /// What keeps `asker` from the setting; without an asker, what keeps anybody from it. A member
    /// is not bound by its own concern, and two raisers bind each other.
    pub(crate) fn bar(&self, asker: Option<AuthorityCode>) -> Option<Bar> {
        if self.suspended {
            return Some(Bar::Suspended);
        }
        self.raisers.iter().any(|&by| Some(by) != asker).then_some(Bar::SeriousConcern)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn event(kind: &str, level: Option<&str>, to: Option<Date>) -> QualityRow {
        QualityRow {
            urn: "1234567".to_owned(),
            kind: kind.to_owned(),
            occurred_on: date(2026, 2, 1),
            concern_level: level.map(str::to_owned),
            in_force_to: to,
            ..QualityRow::default()
        }
    }

    fn home(setting: &str) -> VacancyRow {
        VacancyRow { urn: "1234567".to_owned(), setting_ref: setting.to_owned(), ..VacancyRow::default() }
    }

    fn code(text: &str) -> AuthorityCode {
        text.parse().unwrap()
    }

    const AS_AT: Date = date(2026, 3, 1);

    #[test]
    fn a_suspension_binds_everyone_until_the_day_it_ends() {
        for (to, bar) in
            [(None, Some(Bar::Suspended)), (Some(AS_AT), None), (Some(date(2026, 3, 2)), Some(Bar::Suspended))]
        {
            let mut found = Restrictions::default();
            found.add(code("E09000023"), &event("suspension", None, to), AS_AT);
            assert_eq!(found.standing(&home("a")).bar(Some(code("E09000023"))), bar, "{to:?}");
        }
    }

    #[test]
    fn a_serious_concern_binds_all_but_its_raiser_and_two_raisers_bind_each_other() {
        let (one, two, third) = (code("E09000023"), code("E09000011"), code("E09000028"));
        let mut found = Restrictions::default();
        found.add(one, &event("concern", Some("serious"), None), AS_AT);
        assert_eq!(found.standing(&home("a")).bar(Some(one)), None);
        assert_eq!(found.standing(&home("a")).bar(Some(third)), Some(Bar::SeriousConcern));
        assert_eq!(found.standing(&home("a")).bar(None), Some(Bar::SeriousConcern));
        found.add(two, &event("concern", Some("serious"), None), AS_AT);
        assert_eq!(found.standing(&home("a")).bar(Some(one)), Some(Bar::SeriousConcern));
        assert_eq!(found.standing(&home("a")).bar(Some(two)), Some(Bar::SeriousConcern));
    }

    #[test]
    fn a_watch_binds_nobody_and_a_setting_answers_for_itself_only() {
        let mut found = Restrictions::default();
        found.add(code("E09000023"), &event("concern", Some("watch"), None), AS_AT);
        found.add(code("E09000023"), &event("visit", Some("serious"), None), AS_AT);
        assert_eq!(found.standing(&home("a")).bar(None), None);
        let one = QualityRow { setting_ref: Some("b".to_owned()), ..event("suspension", None, None) };
        found.add(code("E09000023"), &one, AS_AT);
        assert_eq!(
            (found.standing(&home("a")).bar(None), found.standing(&home("b")).bar(None)),
            (None, Some(Bar::Suspended))
        );
    }
}
