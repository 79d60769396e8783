use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// What an address is for, by the IANA special-purpose registries (RFC 6890 and its successors).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressKind {
    /// Globally reachable unicast.
    Public,
    /// `0.0.0.0/8`, `::`.
    Unspecified,
    /// `127.0.0.0/8`, `::1`.
    Loopback,
    /// RFC 1918 and RFC 4193 (unique local).
    Private,
    /// RFC 6598, between a carrier and its customers.
    CarrierShared,
    /// `169.254.0.0/16` (cloud metadata lives there), `fe80::/10`.
    LinkLocal,
    /// Multicast and broadcast.
    Multicast,
    /// Addresses of examples in documents.
    Documentation,
    /// RFC 2544 and RFC 5180.
    Benchmarking,
    /// An IPv4 address in IPv6 clothing: mapped, compatible, NAT64, 6to4, Teredo.
    Embedded,
    /// Whatever else is not assigned to the public.
    Reserved,
}

const V4: [(Ipv4Net, AddressKind); 15] = [
    (v4([0, 0, 0, 0], 8), AddressKind::Unspecified),
    (v4([10, 0, 0, 0], 8), AddressKind::Private),
    (v4([100, 64, 0, 0], 10), AddressKind::CarrierShared),
    (v4([127, 0, 0, 0], 8), AddressKind::Loopback),
    (v4([169, 254, 0, 0], 16), AddressKind::LinkLocal),
    (v4([172, 16, 0, 0], 12), AddressKind::Private),
    (v4([192, 0, 0, 0], 24), AddressKind::Reserved),
    (v4([192, 0, 2, 0], 24), AddressKind::Documentation),
    (v4([192, 88, 99, 0], 24), AddressKind::Embedded),
    (v4([192, 168, 0, 0], 16), AddressKind::Private),
    (v4([198, 18, 0, 0], 15), AddressKind::Benchmarking),
    (v4([198, 51, 100, 0], 24), AddressKind::Documentation),
    (v4([203, 0, 113, 0], 24), AddressKind::Documentation),
    (v4([224, 0, 0, 0], 4), AddressKind::Multicast),
    (v4([255, 255, 255, 255], 32), AddressKind::Multicast),
];

/// Looked through in order; what is in none of them and not in `2000::/3` is reserved.
const V6: [(Ipv6Net, AddressKind); 14] = [
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 128), AddressKind::Unspecified),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), AddressKind::Loopback),
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 96), AddressKind::Embedded),
    (v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96), AddressKind::Embedded),
    (v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 32), AddressKind::Embedded),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32), AddressKind::Embedded),
    (v6([0x2001, 2, 0, 0, 0, 0, 0, 0], 48), AddressKind::Benchmarking),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), AddressKind::Documentation),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), AddressKind::Reserved),
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), AddressKind::Embedded),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), AddressKind::Documentation),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), AddressKind::Private),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), AddressKind::LinkLocal),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), AddressKind::Multicast),
];

const GLOBAL_UNICAST: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

const fn v4(a: [u8; 4], prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a[0], a[1], a[2], a[3]), prefix)
}

const fn v6(s: [u16; 8], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]), prefix)
}

impl AddressKind {
    /// The kind of `address`. An address in IPv6 clothing is never looked through: it is refused as it is.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        let special = V4.iter().find(|(network, _)| network.contains(&address)).map(|(_, kind)| *kind);
        // 240.0.0.0/4 and above is "future use" since 1989.
        special.unwrap_or(if address.octets()[0] >= 240 { Self::Reserved } else { Self::Public })
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        let special = V6.iter().find(|(network, _)| network.contains(&address)).map(|(_, kind)| *kind);
        special.unwrap_or(if GLOBAL_UNICAST.contains(&address) { Self::Public } else { Self::Reserved })
    }
}

impl fmt::Display for AddressKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Unspecified => "unspecified",
            Self::Loopback => "a loopback address",
            Self::Private => "private",
            Self::CarrierShared => "shared by a carrier",
            Self::LinkLocal => "link-local",
            Self::Multicast => "multicast or broadcast",
            Self::Documentation => "for documentation",
            Self::Benchmarking => "for benchmarking",
            Self::Embedded => "an IPv4 address embedded in IPv6",
            Self::Reserved => "reserved",
        })
    }
}
