use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Private networks that the operator allows one council's webhook to be in, as on a health and care
/// network. Loopback, link-local (where cloud metadata lives) and the rest can never be allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance(Vec<IpNet>);

/// Why a network may not be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowable {
    /// Not a network in CIDR form, such as `10.20.0.0/16`.
    #[error("a network is written like 10.20.0.0/16")]
    NotANetwork,
    /// Not inside a private range.
    #[error("only networks inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 or fc00::/7 may be allowed")]
    NotPrivate,
}

const ALLOWABLE: [IpNet; 5] = [
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(172, 16, 0, 0), 12)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(192, 168, 0, 0), 16)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 10)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7)),
];

impl Allowance {
    /// The networks; each must lie inside one private range.
    pub fn of(networks: Vec<IpNet>) -> Result<Self, NotAllowable> {
        let private = |network: &IpNet| ALLOWABLE.iter().any(|range| range.contains(network));
        if networks.iter().all(private) { Ok(Self(networks)) } else { Err(NotAllowable::NotPrivate) }
    }

    pub(super) fn into_networks(self) -> Vec<IpNet> {
        self.0
    }
}

impl FromStr for Allowance {
    type Err = NotAllowable;

    /// Reads networks separated by commas.
    fn from_str(text: &str) -> Result<Self, NotAllowable> {
        let networks: Result<Vec<IpNet>, _> = text.split(',').map(|part| part.trim().parse()).collect();
        Self::of(networks.map_err(|_| NotAllowable::NotANetwork)?)
    }
}
