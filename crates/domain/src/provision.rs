//! What a home is and what it can meet: the vocabularies that vacancies and searches share.

crate::words! {
    /// A kind of home.
    Provision("provision") {
        /// A fostering household.
        FosterHousehold = "foster_household", "Foster household";
        /// A children's home.
        ChildrensHome = "childrens_home", "Children's home";
        /// A secure children's home.
        SecureHome = "secure_home", "Secure children's home";
        /// Supported accommodation for 16 and 17 year olds.
        SupportedAccommodation = "supported_accommodation", "Supported accommodation";
        /// Supported lodgings.
        SupportedLodgings = "supported_lodgings", "Supported lodgings";
        /// A household or home for a parent with a child.
        ParentAndChild = "parent_and_child", "Parent and child";
        /// A residential family centre.
        ResidentialFamilyCentre = "residential_family_centre", "Residential family centre";
        /// A residential school.
        ResidentialSchool = "residential_school", "Residential school";
        /// Short breaks.
        ShortBreak = "short_break", "Short break";
    }
}

impl Provision {
    /// Days for which somebody's having looked still counts: a vacancy confirmed longer ago is stale,
    /// shown but not usable. Policy, not law: a default for configuration.
    pub const fn fresh_days(self) -> i32 {
        match self {
            Self::ChildrensHome | Self::SecureHome => 3,
            Self::FosterHousehold | Self::SupportedAccommodation | Self::SupportedLodgings => 7,
            Self::ParentAndChild | Self::ResidentialFamilyCentre | Self::ResidentialSchool | Self::ShortBreak => 14,
        }
    }

    /// The home itself, or the provider that runs it, must be registered before a child may live there
    /// (Care Standards Act 2000; SI 2023/416 for supported accommodation and lodgings). A fostering
    /// household is approved by its fostering service, which may be the authority's own.
    pub const fn needs_registration(self) -> bool {
        !matches!(self, Self::FosterHousehold | Self::ParentAndChild)
    }

    /// Youngest age that may lawfully live there: supported accommodation is for 16 and 17 only.
    pub const fn youngest(self) -> i64 {
        match self {
            Self::SupportedAccommodation | Self::SupportedLodgings => 16,
            Self::FosterHousehold
            | Self::ChildrensHome
            | Self::SecureHome
            | Self::ParentAndChild
            | Self::ResidentialFamilyCentre
            | Self::ResidentialSchool
            | Self::ShortBreak => 0,
        }
    }
}

crate::words! {
    /// Something a child needs and a home can meet.
    Need("need") {
        /// Complex behaviour.
        ComplexBehaviour = "complex_behaviour", "Complex behaviour";
        /// Therapeutic care.
        Therapeutic = "therapeutic", "Therapeutic care";
        /// Learning disability.
        LearningDisability = "learning_disability", "Learning disability";
        /// Physical disability.
        PhysicalDisability = "physical_disability", "Physical disability";
        /// Risk of exploitation.
        ExploitationRisk = "exploitation_risk", "Risk of exploitation";
        /// Self-harm.
        SelfHarm = "self_harm", "Self-harm";
        /// Stepping down from residential or secure care.
        StepDown = "step_down", "Step-down";
        /// A parent with a child.
        ParentAndChild = "parent_and_child", "Parent and child";
        /// Unaccompanied asylum-seeking child.
        Uasc = "uasc", "Unaccompanied asylum-seeking";
        /// A home today.
        EmergencySameDay = "emergency_same_day", "Same-day emergency";
        /// Long term.
        LongTerm = "long_term", "Long term";
        /// Short term.
        ShortTerm = "short_term", "Short term";
        /// Respite.
        Respite = "respite", "Respite";
        /// Living alone with staff.
        Solo = "solo", "Solo";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for provision in Provision::ALL {
            assert_eq!(provision.as_str().parse(), Ok(*provision));
        }
        for need in Need::ALL {
            assert_eq!(need.as_str().parse(), Ok(*need));
        }
        assert!("Foster household".parse::<Provision>().is_err());
        assert_eq!((Provision::ALL.len(), Need::ALL.len()), (9, 14));
    }

    #[test]
    fn freshness_is_by_provision() {
        assert_eq!(Provision::SecureHome.fresh_days(), 3);
        assert_eq!(Provision::SupportedLodgings.fresh_days(), 7);
        assert_eq!(Provision::ResidentialSchool.fresh_days(), 14);
    }
}
