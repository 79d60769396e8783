//! A host authority's webhook endpoints.

mod ask;
mod keep;
mod steer;
mod view;

use std::sync::Arc;

use hub_domain::AuthorityCode;
use hub_pipeline::Hub;
use hub_pipeline::endpoints::EndpointRefusal;

use crate::extract::{Caller, HostSide};
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

pub(crate) use keep::*;
pub(crate) use steer::*;

/// Does something to an endpoint as each of the caller's host authorities, until one has it.
async fn on<T, F>(
    api: &Api,
    caller: &Caller<HostSide>,
    work: impl Fn(Arc<Hub>, AuthorityCode) -> F,
) -> Result<T, Problem>
where
    T: Send + 'static,
    F: Future<Output = Result<T, EndpointRefusal>> + Send + 'static,
{
    for host in caller.hosts() {
        let done = work(Arc::clone(api.hub()), host.authority());
        match api.write(async move { Ok::<_, Problem>(done.await) }).await? {
            Err(EndpointRefusal::NotFound) => {}
            said => return Ok(said?),
        }
    }
    Err(Problem::new(NOT_FOUND))
}
