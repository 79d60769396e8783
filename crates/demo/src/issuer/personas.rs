use hub_domain::AuthorityCode;

use crate::region::{CAST, Member, Role};

/// Somebody whom a visitor of the demonstration can be.
#[derive(Debug, Clone)]
pub struct Persona {
    /// The account's id at the issuer.
    pub id: String,
    /// The name.
    pub name: String,
    /// What to look at as this person.
    pub purpose: String,
    /// Roles, by their names at the hub.
    pub roles: &'static [&'static str],
    /// For whom the person speaks.
    pub authorities: Vec<AuthorityCode>,
}

/// Everybody, in the order in which they are offered: the region's people, then each authority's.
pub fn personas() -> Vec<Persona> {
    let mut all = vec![
        regional("commissioner", "regional commissioner", "what the region has and lacks tonight", &["commissioner"]),
        regional("broker", "placements broker", "which homes have a place for a child", &["broker"]),
        regional("quality-lead", "provider quality lead", "what is known of each provider", &["quality_lead"]),
        regional("operator", "operator", "whether the hub is well, and who may call it", &["operator"]),
    ];
    for member in &CAST {
        if member.role == Role::Borough {
            all.push(of(member, "analyst", "borough analyst", "what became of last night's feeds", &["borough"]));
        }
        let purpose = "which children have come to live in the area, and by when to answer";
        all.push(of(member, "duty", "duty officer", purpose, &["host"]));
    }
    all
}

fn of(member: &Member, post: &str, title: &str, purpose: &str, roles: &'static [&'static str]) -> Persona {
    Persona {
        id: format!("{}-{post}", member.slug()),
        name: format!("The {title}, {}", member.name()),
        purpose: purpose.to_owned(),
        roles,
        authorities: vec![member.authority()],
    }
}

fn regional(id: &str, title: &str, purpose: &str, roles: &'static [&'static str]) -> Persona {
    let (id, name, purpose) = (id.to_owned(), format!("The {title}"), purpose.to_owned());
    Persona { id, name, purpose, roles, authorities: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_persona_has_an_id_of_its_own_and_speaks_for_nobody_elses_authority() {
        let all = personas();
        let ids: std::collections::BTreeSet<&str> = all.iter().map(|one| one.id.as_str()).collect();
        assert_eq!((ids.len(), all.len()), (20, 20));
        let kent = all.iter().find(|one| one.id == "kent-duty").unwrap();
        assert_eq!((kent.roles, kent.authorities.len()), (&["host"][..], 1));
        assert!(all.iter().all(|one| one.authorities.len() <= 1));
    }
}
