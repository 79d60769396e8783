use std::collections::BTreeMap;

use axum::extract::State;
use hub_domain::{AuthorityCode, Date, authority};
use hub_pipeline::feeds::MemberSettings;
use hub_store::member::{self, Member};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Anybody, Caller};
use crate::page::List;
use crate::problem::Problem;
use crate::state::Api;

/// An authority that the hub knows.
#[derive(Serialize, ToSchema)]
pub(crate) struct Authority {
    /// GSS code.
    #[schema(value_type = String)]
    code: AuthorityCode,
    /// Its name.
    name: String,
    /// The first day on which it exists, if the hub knows one.
    #[schema(value_type = Option<String>, format = Date)]
    in_force_from: Option<Date>,
    /// The last day on which it exists, if that is known.
    #[schema(value_type = Option<String>, format = Date)]
    in_force_to: Option<Date>,
    /// First day on which its feeds count, if it takes part.
    #[schema(value_type = Option<String>, format = Date)]
    joined_on: Option<Date>,
}

/// Authorities: those that take part, and those they may place with.
#[utoipa::path(get, path = "/v1/authorities", tag = "contracts", responses((status = 200, body = List<Authority>)))]
pub(crate) async fn list(State(api): State<Api>, _: Caller<Anybody>) -> Result<List<Authority>, Problem> {
    let mut link = api.hub().store.read().await?;
    let members = member::all(&mut link).await?;
    let beyond: Vec<Authority> =
        members.iter().filter(|member| authority::find(member.code).is_none()).map(described).collect();
    let mut joined: BTreeMap<AuthorityCode, Date> =
        members.into_iter().map(|member| (member.code, member.joined_on)).collect();
    let known = authority::all().iter().map(|authority| Authority {
        code: authority.code,
        name: authority.name.clone(),
        in_force_from: authority.valid_from,
        in_force_to: authority.valid_to,
        joined_on: joined.remove(&authority.code),
    });
    let mut all: Vec<Authority> = known.chain(beyond).collect();
    all.sort_by_key(|authority| authority.code);
    Ok(List::whole(all))
}

/// What the operator registered and the hub does not know by heart.
fn described(member: &Member) -> Authority {
    let said = serde_json::from_str::<MemberSettings>(&member.settings).unwrap_or_default().described;
    Authority {
        code: member.code,
        name: member.name.clone(),
        in_force_from: said.from,
        in_force_to: said.to,
        joined_on: Some(member.joined_on),
    }
}
