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
        /// A metropolitan borough.
        MetropolitanBorough = "metropolitan_borough", "Metropolitan borough";
        /// A county council.
        County = "county", "County";
        /// A unitary authority.
        Unitary = "unitary", "Unitary authority";
    }
}

crate::words! {
    /// The nine regions of England, as statistics group authorities.
    Region("region") {
        /// North East.
        NorthEast = "NE", "North East";
        /// North West.
        NorthWest = "NW", "North West";
        /// Yorkshire and The Humber.
        Yorkshire = "YH", "Yorkshire and The Humber";
        /// East Midlands.
        EastMidlands = "EM", "East Midlands";
        /// West Midlands.
        WestMidlands = "WM", "West Midlands";
        /// East of England.
        East = "EE", "East of England";
        /// London.
        London = "LN", "London";
        /// South East.
        SouthEast = "SE", "South East";
        /// South West.
        SouthWest = "SW", "South West";
    }
}

impl Region {
    /// The regions that meet on land or in the middle of a river, each pair once. An authority of one and an authority of
    /// another that is not named here beside it cannot adjoin.
    const MEET: [(Self, Self); 15] = [
        (Self::NorthEast, Self::NorthWest),
        (Self::NorthEast, Self::Yorkshire),
        (Self::NorthWest, Self::Yorkshire),
        (Self::NorthWest, Self::EastMidlands),
        (Self::NorthWest, Self::WestMidlands),
        (Self::Yorkshire, Self::EastMidlands),
        (Self::EastMidlands, Self::WestMidlands),
        (Self::EastMidlands, Self::East),
        (Self::EastMidlands, Self::SouthEast),
        (Self::WestMidlands, Self::SouthEast),
        (Self::WestMidlands, Self::SouthWest),
        (Self::East, Self::London),
        (Self::East, Self::SouthEast),
        (Self::London, Self::SouthEast),
        (Self::SouthEast, Self::SouthWest),
    ];

    /// The two are one, or meet: an authority of the one may adjoin an authority of the other.
    pub fn meets(self, other: Self) -> bool {
        self == other || Self::MEET.iter().any(|pair| *pair == (self, other) || *pair == (other, self))
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
