//! The nightly reconciliation: what episodes, notices and homes do not agree about, each side its own.

mod list;
mod nights;
mod sheet;
mod view;

pub(crate) use list::*;
pub(crate) use nights::*;

use hub_domain::AuthorityCode;
use hub_notices::reconcile::Side;

use crate::extract::{Caller, EitherSide};
use crate::problem::{NOT_FOUND, Problem};

/// The sides from which the caller may look: as sender of an authority's feeds the placing side, as its host desk the
/// other. What it names and has not is not found.
fn sides(caller: &Caller<EitherSide>, named: Option<AuthorityCode>) -> Result<Vec<(AuthorityCode, Side)>, Problem> {
    let placing = caller.tenants().into_iter().map(|tenant| (tenant.authority(), Side::Placing));
    let hosts = caller.hosts().into_iter().map(|host| (host.authority(), Side::Host));
    let sides: Vec<_> = placing.chain(hosts).filter(|(own, _)| named.is_none_or(|named| named == *own)).collect();
    if named.is_some() && sides.is_empty() { Err(Problem::new(NOT_FOUND)) } else { Ok(sides) }
}
