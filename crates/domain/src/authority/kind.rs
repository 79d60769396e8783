//! What sorts of authority there are, and how London is divided.

crate::words! {
    /// What sort of council an authority is.
    Kind("kind of authority") {
        /// The City of London Corporation.
        CityCorporation = "city_corporation", "City corporation";
        /// A London borough.
        LondonBorough = "london_borough", "London borough";
        /// A London borough that is royal.
        RoyalBorough = "royal_borough", "Royal borough";
        /// The City of Westminster.
        CityBorough = "city_borough", "City borough";
        /// A county council.
        County = "county", "County";
        /// A unitary authority.
        Unitary = "unitary", "Unitary authority";
    }
}

crate::words! {
    /// London's sub-regions, as its commissioners use them.
    SubRegion("sub-region") {
        /// North Central London.
        NorthCentral = "NCL", "North Central London";
        /// North East London.
        NorthEast = "NEL", "North East London";
        /// North West London.
        NorthWest = "NWL", "North West London";
        /// South East London.
        SouthEast = "SEL", "South East London";
        /// South West London.
        SouthWest = "SWL", "South West London";
    }
}

crate::words! {
    /// Inner or outer London.
    InnerOuter("part of London") {
        /// Inner London.
        Inner = "inner", "Inner London";
        /// Outer London.
        Outer = "outer", "Outer London";
    }
}
