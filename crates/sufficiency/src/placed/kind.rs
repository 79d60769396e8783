//! Kinds of placement as the boroughs' strategies list them.

use crate::episode::Episode;

hub_domain::words! {
    /// A kind of placement: the placement type, and for fostering by other than kin who provides.
    PlacementKind("kind of placement") {
        /// Kin, long term (U1).
        KinLong = "connected_long_term", "Connected person, long term";
        /// Kin, not long term (U2, U3).
        KinShort = "connected_not_long_term", "Connected person, not long term";
        /// Other carer, long term, the authority's own (U4, PR1).
        FosterLongOwn = "foster_long_term_in_house", "Foster long term, in-house";
        /// Other carer, long term, agency (U4, PR4 and PR5).
        FosterLongAgency = "foster_long_term_agency", "Foster long term, private or voluntary";
        /// Other carer, long term, by anyone else or not said (U4).
        FosterLongOther = "foster_long_term_other", "Foster long term, other authority, public or not said";
        /// Other carer, not long term, the authority's own (U5, U6, PR1).
        FosterShortOwn = "foster_not_long_term_in_house", "Foster not long term, in-house";
        /// Other carer, not long term, agency (U5, U6, PR4 and PR5).
        FosterShortAgency = "foster_not_long_term_agency", "Foster not long term, private or voluntary";
        /// Other carer, not long term, by anyone else or not said (U5, U6).
        FosterShortOther = "foster_not_long_term_other", "Foster not long term, other authority, public or not said";
        /// Placed for adoption (A3 to A6).
        Adoption = "adoption", "Adoption";
        /// Children's home (K2).
        ChildrensHome = "childrens_home", "Children's homes";
        /// Family centre, or mother and baby unit (R3).
        FamilyCentre = "family_centre", "Family centre or mother and baby unit";
        /// Independent living (P2, to 2023/24).
        Independent = "independent", "Independent living";
        /// Health setting (R2).
        Medical = "medical", "Medical care";
        /// Own parents (P1).
        WithParents = "with_parents", "Placed with own parents";
        /// Residential care home (R1).
        ResidentialCare = "residential_care", "Residential care";
        /// Residential school (S1).
        ResidentialSchool = "residential_school", "Residential schools";
        /// Secure children's home (K1).
        SecureHome = "secure_home", "Secure children's homes";
        /// Supported accommodation (K3; H5 to 2023/24).
        SemiIndependent = "semi_independent", "Semi-independent";
        /// Young offender institution or prison (R5).
        Custody = "custody", "YOI or prison";
        /// Everything else (P3, Z1, Z11 to Z14).
        Other = "other", "Other";
    }
}

impl PlacementKind {
    /// Fostered, by kin or others.
    pub(crate) const fn is_fostering(self) -> bool {
        matches!(
            self,
            Self::KinLong
                | Self::KinShort
                | Self::FosterLongOwn
                | Self::FosterLongAgency
                | Self::FosterLongOther
                | Self::FosterShortOwn
                | Self::FosterShortAgency
                | Self::FosterShortOther
        )
    }

    /// The kind of an episode that is no temporary move.
    pub(crate) fn of(episode: &Episode) -> Self {
        Self::of_place(episode.place.as_str(), episode.provider)
    }

    /// The kind of a 903 PLACE, by the digit of its provider.
    pub(crate) fn of_place(place: &str, provider: Option<u8>) -> Self {
        let by_provider = |own, agency, other| match provider {
            Some(b'1') => own,
            Some(b'4' | b'5') => agency,
            _ => other,
        };
        match place {
            "U1" => Self::KinLong,
            "U2" | "U3" => Self::KinShort,
            "U4" => by_provider(Self::FosterLongOwn, Self::FosterLongAgency, Self::FosterLongOther),
            "U5" | "U6" => by_provider(Self::FosterShortOwn, Self::FosterShortAgency, Self::FosterShortOther),
            "A3" | "A4" | "A5" | "A6" => Self::Adoption,
            "K1" => Self::SecureHome,
            "K2" => Self::ChildrensHome,
            "K3" | "H5" => Self::SemiIndependent,
            "P1" => Self::WithParents,
            "P2" => Self::Independent,
            "R1" => Self::ResidentialCare,
            "R2" => Self::Medical,
            "R3" => Self::FamilyCentre,
            "R5" => Self::Custody,
            "S1" => Self::ResidentialSchool,
            _ => Self::Other,
        }
    }
}
