//! The checks by name.

hub_domain::words! {
    /// A check over the records of all boroughs, or one of DfE's rules that the regulator's register answers.
    Check("check") {
        /// Two authorities show what may be one child.
        SameChild = "same_child", "Another authority shows a child of the same month of birth, sex and ethnicity, in the same place since about the same day";
        /// More children than places.
        OverPlaces = "over_places", "The home has more children, of all authorities together, than registered places";
        /// Placed after the regulator stopped placements.
        PlacedWhileRestricted = "placed_while_restricted", "The child was placed after the regulator had restricted the home";
        /// There when it did.
        Restricted = "restricted", "The regulator has restricted the home, and the child lives there";
        /// Nobody told the host.
        NoNotice = "no_notice", "The placement is out of area, and the host was not told";
        /// DfE 1008.
        UrnUnknown = "903-1008", "The URN is not in the regulator's register";
        /// DfE 219.
        ProviderPlace = "903-219", "The placement type is none of those that the provider is registered for";
        /// DfE 221.
        ProviderPostcode = "903-221", "The placement's postcode is not the provider's";
        /// DfE 224.
        ProviderSector = "903-224", "The provider code does not go with the sector that the provider is registered in";
        /// DfE 227.
        ProviderAtStart = "903-227", "The provider was not registered any more when the episode began";
        /// DfE 228.
        ProviderAtEnd = "903-228", "The provider's registration ended before the episode did";
        /// DfE 229.
        ProviderAuthority = "903-229", "Own provision of another authority's provider, or another authority's of an own one";
    }
}

impl Check {
    /// Whether it needs the register.
    pub const fn asks_the_register(self) -> bool {
        !matches!(self, Self::SameChild | Self::NoNotice)
    }

    /// What to do.
    pub const fn fix(self) -> &'static str {
        match self {
            Self::SameChild => {
                "Ask the other authority: if it is one child, one of the two ends the episode (E3 where the case was taken over)."
            }
            Self::OverPlaces => {
                "Look at who lives there; ask the home and the regulator whether its registration was changed."
            }
            Self::PlacedWhileRestricted => "Review the placement now, and tell the regulator if it goes on.",
            Self::Restricted => "Review the placement.",
            Self::NoNotice => "Give notice: see /v1/reconciliation?kind=missing_notice.",
            Self::UrnUnknown => {
                "Look the URN up in Ofsted's register; if it is right, the region's register may be old."
            }
            Self::ProviderPlace => "Correct placement_type or urn.",
            Self::ProviderPostcode => "Correct placement_sector or urn.",
            Self::ProviderSector => "Correct placement_provider or urn.",
            Self::ProviderAtStart | Self::ProviderAtEnd => {
                "Correct urn or the dates; a home that goes on under another owner has another URN."
            }
            Self::ProviderAuthority => {
                "Use PR1 for the authority's own provision and PR2 for another's, or correct urn."
            }
        }
    }
}
