//! The groups that placement types are counted in.

use super::{CodeList, find};

crate::words! {
    /// A group of placement types (903 PLACE).
    PlacementGroup("placement group") {
        /// Fostered by a relative or friend (U1–U3).
        Kinship = "kinship", "Kinship fostering";
        /// Fostered by another carer (U4–U6).
        Fostering = "fostering", "Fostering";
        /// Placed for adoption (A3–A6).
        Adoption = "adoption", "Placed for adoption";
        /// With parents or a person with parental responsibility (P1).
        WithParents = "with_parents", "With parents";
        /// Children's homes, secure ones included, and residential care homes (K1, K2, R1).
        Residential = "residential", "Residential";
        /// Supported accommodation (K3; H5 to 2023/24).
        SemiIndependent = "semi_independent", "Supported accommodation";
        /// Independent living (P2, to 2023/24).
        Independent = "independent", "Independent living";
        /// Residential school (S1).
        ResidentialSchool = "residential_school", "Residential school";
        /// Family centre, or mother and baby unit (R3).
        FamilyCentre = "family_centre", "Family centre";
        /// Health setting (R2).
        Health = "health", "Health";
        /// Young offender institution or prison (R5).
        Custody = "custody", "Custody";
        /// A temporary move (T0–T4): bridged, never a placement of its own.
        Temporary = "temporary", "Temporary";
        /// Everything else (P3, Z1, Z11–Z14).
        Other = "other", "Other";
    }
}

impl PlacementGroup {
    /// The group of a PLACE code, in any year; `None` when the code is not known.
    pub fn of(place: &str) -> Option<Self> {
        find(CodeList::Place, place)?.group
    }

    /// Fostered: by kin or by another carer.
    pub const fn is_fostered(self) -> bool {
        matches!(self, Self::Kinship | Self::Fostering)
    }

    /// In a family: kinship, fostering, placed for adoption, with own parents.
    pub const fn is_family_based(self) -> bool {
        matches!(self, Self::Kinship | Self::Fostering | Self::Adoption | Self::WithParents)
    }
}
