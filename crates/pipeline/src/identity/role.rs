use std::fmt;
use std::str::FromStr;

/// What a client may do at the hub. A client holds one or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sends an authority's feeds and reads what came of them.
    Borough,
    /// Reads and acknowledges the notices sent to an authority.
    Host,
    /// Reads published tables.
    Commissioner,
    /// Reads provider assurance across the region.
    QualityLead,
    /// Searches the live vacancies, whose small capacities are personal data.
    Broker,
    /// Runs the hub.
    Operator,
    /// Reads published tables and nothing else: what a reporting key has, and a program that asks for tokens may have.
    Reporting,
}

/// The word names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of borough, host, commissioner, quality_lead, broker, operator, reporting")]
pub struct UnknownRole;

impl Role {
    /// Every role, in the order they are listed to people.
    pub const ALL: [Self; 7] = [
        Self::Borough,
        Self::Host,
        Self::Commissioner,
        Self::QualityLead,
        Self::Broker,
        Self::Operator,
        Self::Reporting,
    ];

    /// The role's name in tokens, client records and commands.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Borough => "borough",
            Self::Host => "host",
            Self::Commissioner => "commissioner",
            Self::QualityLead => "quality_lead",
            Self::Broker => "broker",
            Self::Operator => "operator",
            Self::Reporting => "reporting",
        }
    }

    /// Whether the role speaks for an authority, and is nothing without one.
    pub const fn needs_authority(self) -> bool {
        matches!(self, Self::Borough | Self::Host)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Borough => 1,
            Self::Host => 2,
            Self::Commissioner => 4,
            Self::QualityLead => 8,
            Self::Broker => 16,
            Self::Operator => 32,
            Self::Reporting => 64,
        }
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u8);

impl Roles {
    /// Whether the set holds `role`.
    pub const fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// The roles of the set, in the order of [`Role::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.contains(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}
