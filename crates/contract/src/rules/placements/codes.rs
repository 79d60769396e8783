//! Codes of the SSDA903 that rules name.

use crate::model::code::Code;

macro_rules! codes {
    ($($name:ident)+) => { $( pub(crate) const $name: Code = Code::of(stringify!($name).as_bytes()); )+ };
}

codes! {
    S L P T B U
    E1 J1 J2 J3 L1 L2 L3 V2 V3 V4
    N2
    A3 A4 A5 A6 H5 K1 K2 K3 P1 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4 U1 U2 U3 U4 U5 U6 Z1 Z11 Z12 Z13 Z14
    PR0 PR1 PR2 PR3 PR4 PR5
    X1 E11 E12 E15 E17 E2 E3 E45 E46 E47 E48 E5 E6 E7 E8
    CUSTOD XXXXXXX
    M F
    UN1 UN2 UN3 UN4 UN5
    SDQ1 SDQ2 SDQ3 SDQ4 SDQ5
    YES DIED RHOM
    M1 F1 MM FF MF L0 L11 L12 L4
    RD1 RD2 RD3 RD4
    P2 P4 A
    PN0 PN1 PN2 PN3 PN4 PN5 PN6 PN7
    MANAGE FCONTA LEFTRL ORGRST TSPROC ABSENC CHCHAN PCCHAN SWDIED OTHERS
    Z2
}

/// Yes and no, and how many.
pub(crate) const NO: Code = Code::of(b"0");
pub(crate) const ONE: Code = Code::of(b"1");
pub(crate) const TWO: Code = Code::of(b"2");

/// Old codes for sex.
pub(crate) const MALE: Code = Code::of(b"1");
pub(crate) const FEMALE: Code = Code::of(b"2");

/// Temporary moves.
pub(crate) fn is_temporary(place: Code) -> bool {
    matches!(place, T0 | T1 | T2 | T3 | T4)
}

/// Fostered by a relative or friend.
pub(crate) fn is_kinship(place: Code) -> bool {
    matches!(place, U1 | U2 | U3)
}

/// Fostered by anyone.
pub(crate) fn is_fostered(place: Code) -> bool {
    is_kinship(place) || matches!(place, U4 | U5 | U6)
}

/// Placed for adoption.
pub(crate) fn is_adoption(place: Code) -> bool {
    matches!(place, A3 | A4 | A5 | A6)
}

/// Other placements listed to DfE by kind, from 2025/26.
pub(crate) fn is_listed_other(place: Code) -> bool {
    matches!(place, Z11 | Z12 | Z13 | Z14)
}

/// A series of short breaks.
pub(crate) fn is_short_break(status: Code) -> bool {
    matches!(status, V3 | V4)
}
