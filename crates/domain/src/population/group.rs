//! The five groups in which populations are estimated.

crate::words! {
    /// An ethnic group of the census (2011 and 2021), in which Chinese is among Asian.
    EthnicGroup("ethnic group") {
        /// Asian.
        Asian = "asian", "Asian";
        /// Black.
        Black = "black", "Black";
        /// Mixed.
        Mixed = "mixed", "Mixed";
        /// White.
        White = "white", "White";
        /// Any other.
        Other = "other", "Other";
    }
}

impl EthnicGroup {
    /// The group of a 903 ETHNIC code; `None` for refused, not yet obtained, and what is no code.
    pub fn of(code: &str) -> Option<Self> {
        match code {
            "AIND" | "APKN" | "ABAN" | "AOTH" | "CHNE" => Some(Self::Asian),
            "BCRB" | "BAFR" | "BOTH" => Some(Self::Black),
            "MWBC" | "MWBA" | "MWAS" | "MOTH" => Some(Self::Mixed),
            "WBRI" | "WIRI" | "WOTH" | "WIRT" | "WROM" => Some(Self::White),
            "OOTH" => Some(Self::Other),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{self, CodeList};

    #[test]
    fn every_code_of_the_return_has_a_group_but_those_that_say_nothing() {
        let without: Vec<&str> = codes::all(CodeList::Ethnic)
            .filter(|code| EthnicGroup::of(&code.code).is_none())
            .map(|code| code.code.as_str())
            .collect();
        assert_eq!(without, ["REFU", "NOBT"]);
    }
}
