//! The authorities that the hub knows by heart: all of England's with children's social care duties, and those that
//! ended within the lives of children now in care.
//!
//! Names and codes are as ONS and DfE publish them, each valid for its own days: 153 are in being on any day from April
//! 2023 to March 2027. Surrey ends on 31 March 2027, and its two successors carry provisional codes of ours (`X06000001`,
//! `X06000002`) until ONS publishes theirs. An authority absent here may still exist, in Wales or Scotland or by a change
//! to come: a look-up answers `None`, and the caller decides. Centres are known of London and of those around it.

mod kind;
mod load;
mod miles;

use jiff::civil::Date;

use crate::AuthorityCode;
pub use kind::{InnerOuter, Kind, Region, SubRegion};
pub use miles::{Place, miles};

/// One authority with children's social care duties.
#[derive(Debug, Clone, PartialEq)]
pub struct Authority {
    /// GSS code, or a provisional one of ours beginning with `X`.
    pub code: AuthorityCode,
    /// Name, as people write it.
    pub name: String,
    /// Name in paths and commands: lower case, hyphens.
    pub slug: String,
    /// DfE's three-digit number, where one is published.
    pub dfe: Option<String>,
    /// What sort of council it is.
    pub kind: Kind,
    /// Which of England's nine regions it lies in.
    pub region: Region,
    /// London's five sub-regions; `None` outside London.
    pub subregion: Option<SubRegion>,
    /// Inner or outer London by the statistical grouping (ONS).
    pub inner_statistical: Option<InnerOuter>,
    /// Inner or outer London by the London Government Act 1963.
    pub inner_statutory: Option<InnerOuter>,
    /// Integrated care board from April 2026, where known.
    pub icb: Option<String>,
    /// Police force of the area.
    pub police_force: String,
    /// Centre of the area; `None` where it is not known.
    pub centroid: Option<Place>,
    /// Row and column in the tile map of London.
    pub tile: Option<(u8, u8)>,
    /// First day in being; `None` = as far back as records reach.
    pub valid_from: Option<Date>,
    /// Last day in being, inclusive; `None` = still.
    pub valid_to: Option<Date>,
    /// Who takes over when it ends.
    pub successors: Vec<AuthorityCode>,
    /// What a reader should know of this row, such as that the code is provisional.
    pub note: Option<String>,
    /// Children living in the area, where a figure is held.
    pub children: Option<ChildPopulation>,
}

/// Mid-year estimate of children in an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildPopulation {
    /// Which estimate, such as `mid-2020`; shown beside every rate that divides by it.
    pub vintage: String,
    /// Aged 0–4.
    pub age_0_4: u32,
    /// Aged 5–9.
    pub age_5_9: u32,
    /// Aged 10–15.
    pub age_10_15: u32,
    /// Aged 16 and 17.
    pub age_16_17: u32,
    /// Aged 0–17: the denominator of a rate per 10,000.
    pub age_0_17: u32,
}

impl Authority {
    /// One of the 33 London authorities.
    pub const fn is_london(&self) -> bool {
        self.subregion.is_some()
    }

    /// In being on `on`.
    pub fn exists_on(&self, on: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= on) && self.valid_to.is_none_or(|to| on <= to)
    }

    /// The code is one of ours, to be replaced when ONS publishes the real one.
    pub fn is_provisional(&self) -> bool {
        self.code.as_str().starts_with('X')
    }

    /// Straight-line miles between the centres; `None` where either is not known.
    pub fn miles_to(&self, other: &Self) -> Option<f64> {
        Some(miles(self.centroid?, other.centroid?))
    }
}

/// Every authority, past and coming, by code.
pub fn all() -> &'static [Authority] {
    load::registry()
}

/// The authority with this code, whether or not it is in being today.
pub fn find(code: AuthorityCode) -> Option<&'static Authority> {
    let at = all().binary_search_by_key(&code, |authority| authority.code).ok()?;
    all().get(at)
}

/// The authority with this code, if in being on `on`.
pub fn find_on(code: AuthorityCode, on: Date) -> Option<&'static Authority> {
    find(code).filter(|authority| authority.exists_on(on))
}

/// The authority with this slug (`kingston-upon-thames`).
pub fn by_slug(slug: &str) -> Option<&'static Authority> {
    all().iter().find(|authority| authority.slug == slug)
}

/// The authority with this name, in any case.
///
/// For people at a command line only: a notice is routed by code, never by name (promise S11).
pub fn by_name(name: &str) -> Option<&'static Authority> {
    all().iter().find(|authority| authority.name.eq_ignore_ascii_case(name))
}

/// `newer` takes over from `older`.
pub fn succeeds(newer: AuthorityCode, older: AuthorityCode) -> bool {
    find(older).is_some_and(|authority| authority.successors.contains(&newer))
}

/// Straight-line miles between the centres of two authorities; `None` where either is not known.
pub fn miles_between(a: AuthorityCode, b: AuthorityCode) -> Option<f64> {
    find(a)?.miles_to(find(b)?)
}

#[cfg(test)]
mod tests;
