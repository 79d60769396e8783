//! Who speaks to the hub in the demonstration, and as what.

use std::collections::BTreeMap;

use hub_agent::PseudonymKey;
use hub_agent::keys::{ClientKey, KeyError};
use hub_domain::AuthorityCode;
use secrecy::SecretString;

use crate::part::Part as Choices;
use crate::region::{CAST, Member, Role};

/// A client of the hub, to be registered before the play begins.
#[derive(Debug, Clone)]
pub struct Character {
    /// Its client id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its roles, by their names at the hub.
    pub roles: &'static [&'static str],
    /// For whom it speaks.
    pub authorities: Vec<AuthorityCode>,
    /// Its key; without one the hub makes a secret for it.
    pub key: Option<ClientKey>,
}

/// The secrets that the hub made, by client id.
pub type Secrets = BTreeMap<String, SecretString>;

/// The client id of the commissioner.
pub(crate) const COMMISSIONER: &str = "commissioner";
/// The client id of the operator.
pub(crate) const OPERATOR: &str = "operator";

/// Everybody: for each authority its agent, which holds a key, and its people, who read and answer; a commissioner who also
/// searches for homes; and the operator.
pub fn characters() -> Result<Vec<Character>, KeyError> {
    let mut all = vec![
        someone(COMMISSIONER, "Regional commissioner", &["commissioner", "broker", "quality_lead"], Vec::new()),
        someone(OPERATOR, "Operator", &["operator"], Vec::new()),
    ];
    for member in &CAST {
        let (own, name) = (vec![member.authority()], member.name());
        let roles: &[&str] = match member.role {
            Role::Borough => &["borough", "host"],
            Role::Host => &["host"],
        };
        all.push(someone(&member.slug(), &format!("{name}, children's services"), roles, own.clone()));
        let agent = someone(&agent_of(member), &format!("{name}, nightly agent"), &["borough"], own);
        all.push(Character { key: Some(ClientKey::generate()?), ..agent });
    }
    Ok(all)
}

fn someone(id: &str, name: &str, roles: &'static [&'static str], authorities: Vec<AuthorityCode>) -> Character {
    Character { id: id.to_owned(), name: name.to_owned(), roles, authorities, key: None }
}

/// The client id of an authority's agent: a host sends what homes tell it.
pub(crate) fn agent_of(member: &Member) -> String {
    format!("{}-agent", member.slug())
}

/// The borough's pseudonym key, drawn from the seed: the same night makes the same references. A real one is random.
pub(crate) fn pseudonym_key(seed: u64, member: &Member) -> PseudonymKey {
    let mut choices = Choices::of(seed, &format!("{} pseudonyms", member.code));
    let mut bytes = [0; 32];
    for byte in &mut bytes {
        *byte = u8::try_from(choices.between(0, 255)).unwrap_or_default();
    }
    PseudonymKey::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_authority_has_an_agent_with_a_key_and_people_with_a_secret() {
        let all = characters().unwrap();
        let find = |id: &str| all.iter().find(|one| one.id == id).unwrap();
        assert!(find("lewisham-agent").key.is_some() && find("lewisham").key.is_none());
        assert_eq!(find("kent").roles, ["host"]);
        assert_eq!(all.len(), 2 + 9 + 9);
    }

    #[test]
    fn pseudonyms_are_the_same_for_the_same_seed_and_differ_between_boroughs() {
        let token = |seed, at: usize| pseudonym_key(seed, &CAST[at]).child_ref("E09000023".parse().unwrap(), "1");
        assert_eq!(token(1, 0), token(1, 0));
        assert_ne!(token(1, 0), token(2, 0));
        assert_ne!(token(1, 0), token(1, 1));
    }
}
