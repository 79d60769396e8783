use std::collections::BTreeMap;

use hub_domain::AuthorityCode;
use serde_json::{Map, Value};

use crate::identity::role::{Role, Roles};

/// Which claims of an ID token say what, and what their values mean here.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The claim that names the account for good: `sub`, or another that the issuer never gives to a second person.
    pub subject: String,
    /// The claim with the person's name, as it is shown beside what they do.
    pub name: String,
    /// The claim with their roles: Entra ID's app roles come as `roles`.
    pub roles: String,
    /// The claim with their authorities, or with groups that stand for them.
    pub authorities: String,
    /// Roles by the issuer's words for them. A word that is not here counts if it is one of the hub's own.
    pub role_names: BTreeMap<String, Role>,
    /// Authorities by the issuer's words for them, such as the ids of groups. A word that is not here counts if it is an
    /// authority's code.
    pub authority_names: BTreeMap<String, AuthorityCode>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            subject: "sub".to_owned(),
            name: "name".to_owned(),
            roles: "roles".to_owned(),
            authorities: "authorities".to_owned(),
            role_names: BTreeMap::new(),
            authority_names: BTreeMap::new(),
        }
    }
}

impl Rules {
    /// The roles that claims give. Words that mean nothing here give nothing: an issuer has other uses for its groups. A
    /// reporting tool is no person.
    pub(super) fn roles_in(&self, claims: &Map<String, Value>) -> Roles {
        let role = |word: &str| self.role_names.get(word).copied().or_else(|| word.parse().ok());
        words(claims, &self.roles).filter_map(role).filter(|role| *role != Role::Reporting).collect()
    }

    /// The authorities that claims give, each once.
    pub(super) fn authorities_in(&self, claims: &Map<String, Value>) -> Vec<AuthorityCode> {
        let code = |word: &str| self.authority_names.get(word).copied().or_else(|| word.parse().ok());
        let mut all: Vec<AuthorityCode> = words(claims, &self.authorities).filter_map(code).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The words of a claim: one, or a list.
fn words<'c>(claims: &'c Map<String, Value>, name: &str) -> impl Iterator<Item = &'c str> {
    let value = claims.get(name);
    let one = value.and_then(Value::as_str);
    let many = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(many)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_that_mean_nothing_give_nothing() {
        let kent: AuthorityCode = "E10000016".parse().unwrap();
        let rules = Rules {
            authorities: "groups".to_owned(),
            role_names: BTreeMap::from([("Duty desk".to_owned(), Role::Host)]),
            authority_names: BTreeMap::from([("6f1d".to_owned(), kent)]),
            ..Rules::default()
        };
        let claims =
            json!({ "roles": ["Duty desk", "broker", "reporting", "Finance"], "groups": ["6f1d", "9e2c", "6f1d"] });
        let claims = claims.as_object().unwrap();
        assert_eq!(rules.roles_in(claims).iter().collect::<Vec<_>>(), [Role::Host, Role::Broker]);
        assert_eq!(rules.authorities_in(claims), [kent]);
        let one = json!({ "roles": "operator", "groups": {} });
        assert_eq!(rules.roles_in(one.as_object().unwrap()).iter().collect::<Vec<_>>(), [Role::Operator]);
        assert!(rules.authorities_in(one.as_object().unwrap()).is_empty());
    }
}
