//! The things of the API's matrix, and people who are signed in.

use hub_testkit::{Answer, TestHub, Visitor, authority, rows};

use super::table::{PERSONAS, Row};
use crate::matrix::table::Case;
use crate::matrix::world::{NOBODY, NOWHERE, Side, World};

/// A hub with people and things.
#[derive(Debug)]
pub(super) struct Places {
    people: Vec<Visitor>,
    sides: [Side; 2],
}

impl Places {
    /// Fills a hub.
    pub(super) async fn fill(hub: &TestHub) -> Self {
        let ended = hub.visit("lewisham-analyst").await;
        hub.clock().advance(3_601);
        let World { sides, .. } = World::fill(hub, false).await;
        // As though each receiver had proved itself.
        rows(hub.db().url(), "UPDATE endpoint SET state = 'active'").await;
        let mut people = vec![hub.visitor()];
        for persona in &PERSONAS[1..9] {
            people.push(hub.visit(persona).await);
        }
        people.push(ended);
        Self { people, sides }
    }

    /// The side that a persona means: its own unless it is foreign's turn.
    fn side(&self, persona: usize, case: Case) -> &Side {
        let second = matches!(persona, 2 | 4);
        &self.sides[usize::from(second != (case == Case::Foreign))]
    }

    /// Asks for what one cell says.
    pub(super) async fn ask(&mut self, row: &Row, persona: usize, case: Case) -> Answer {
        let path = self.address(row.path, self.side(persona, case), case);
        let person = &mut self.people[persona];
        if row.method == "GET" {
            return person.get(&path).await;
        }
        let form: &[(&str, &str)] = match row.path {
            "/desk/notices/{id}/dispute" => &[("reason", "not_here"), ("note", "seen")],
            path if path.starts_with("/desk/notices/{id}/envelopes") => {
                &[("officer", "Pat Made-Up"), ("reason", "a visit")]
            }
            path if path.starts_with("/borough/") => &[("sure", "1")],
            _ => &[("note", "seen")],
        };
        person.post(&path, form).await
    }

    /// The path with what it names.
    fn address(&self, path: &str, side: &Side, case: Case) -> String {
        let here = case != Case::Absent;
        let or_nobody = |id: &str| if here { id.to_owned() } else { NOBODY.to_owned() };
        let code = |slug: &str| if here { authority(slug).to_string() } else { NOWHERE.to_owned() };
        match path {
            "/assets/{file}" if here => hub_web::stylesheet().to_owned(),
            "/assets/{file}" => path.replace("{file}", "hub-0000.css"),
            "/indicators/{name}" => path.replace("{name}", if here { "flows" } else { "nothing" }),
            "/providers/{urn}" => path.replace("{urn}", "1999999"),
            "/desk" | "/desk/register" | "/desk/overdue" => format!("{path}?authority={}", code(side.host)),
            "/borough" | "/borough/submissions" | "/borough/notices" | "/borough/looked" | "/borough/check" => {
                format!("{path}?authority={}", code(side.borough))
            }
            "/borough/submissions/{id}/confirm" => path.replace("{id}", &or_nobody(&side.held)),
            "/borough/submissions/{id}/withdraw" => path.replace("{id}", &or_nobody(&side.withdrawable)),
            "/operator/letters/{id}/replay" => path.replace("{id}", &or_nobody(&side.delivery)),
            "/desk/notices/{id}/query" => path.replace("{id}", &or_nobody(&side.notices[1])),
            "/desk/notices/{id}/dispute" => path.replace("{id}", &or_nobody(&side.notices[2])),
            _ if path.starts_with("/borough/submissions/") => path.replace("{id}", &or_nobody(&side.submission)),
            _ => path.replace("{id}", &or_nobody(&side.notices[0])).replace("{n}", "2"),
        }
    }
}
