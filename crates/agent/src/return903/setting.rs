//! A token for the home or household, where the return says enough to tell one from another.

use hub_domain::AuthorityCode;

use crate::postcode::Postcode;
use crate::pseudonym::{Of, PseudonymKey};

/// Placement codes under which a child can stay in one setting while the code changes.
fn group(placement: &str) -> Option<&'static str> {
    match placement {
        "U1" | "U2" | "U3" | "U4" | "U5" | "U6" | "A3" | "A4" | "A5" | "A6" => Some("family"),
        "K1" | "K2" | "R1" | "R2" | "R3" | "R5" | "S1" => Some("residential"),
        "K3" | "H5" | "P2" | "P3" => Some("supported"),
        _ => None,
    }
}

/// The setting's token: URN, full postcode and placement group, hashed under the borough's key.
///
/// A URN alone names a fostering agency or a supported-accommodation provider, not an address, and a
/// postcode alone some fifteen households; so both are needed. Own parents, temporary and
/// unregistered placements get none.
pub(crate) fn setting_ref(
    key: &PseudonymKey,
    urn: &str,
    postcode: Option<&Postcode>,
    placement: &str,
) -> Option<String> {
    let (postcode, group) = (postcode?, group(placement)?);
    let is_placeholder = urn.is_empty() || urn.bytes().all(|byte| byte == b'X');
    let anywhere = AuthorityCode::default();
    (!is_placeholder).then(|| key.token(Of::Setting, anywhere, &[urn, postcode.as_str(), group]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_keeps_its_token_when_the_placement_code_changes() {
        let key = PseudonymKey::from_bytes([1; 32]);
        let here = Postcode::parse("SE13 6LT");
        let of = |urn, postcode: Option<&Postcode>, placement| setting_ref(&key, urn, postcode, placement);
        assert_eq!(of("SC012345", here.as_ref(), "U6"), of("SC012345", here.as_ref(), "U4"));
        assert_ne!(of("SC012345", here.as_ref(), "U6"), of("SC012345", here.as_ref(), "K2"));
        assert_ne!(of("SC012345", here.as_ref(), "U6"), of("SC012345", Postcode::parse("SE13 6LU").as_ref(), "U6"));
    }

    #[test]
    fn too_little_to_tell_settings_apart_gives_no_token() {
        let key = PseudonymKey::from_bytes([1; 32]);
        let here = Postcode::parse("SE13 6LT");
        for (urn, postcode, placement) in [
            ("", here.as_ref(), "U6"),
            ("XXXXXXX", here.as_ref(), "U6"),
            ("SC012345", None, "U6"),
            ("SC012345", here.as_ref(), "T1"),
            ("", here.as_ref(), "P1"),
        ] {
            assert_eq!(setting_ref(&key, urn, postcode, placement), None);
        }
    }
}
