//! An authority's own table: exact, of its own records alone, as the API gives it to whoever sends them.

use hub_pipeline::identity::Principal;
use hub_pipeline::publish::{self, PublishedTable};

use crate::layout::{Page, name_of};
use crate::refused::Refused;

/// Whose figures a page shows, and whether whoever asks has figures of its own.
#[derive(Debug)]
pub(super) enum Standing {
    /// The release's; there are none of one's own.
    Release,
    /// The release's; one's own could be asked for.
    EitherShowingRelease,
    /// One's own, by the authority's name.
    Own(String),
}

impl Standing {
    /// Of whoever asks, by `?whose=own`.
    pub(super) fn of(page: &Page) -> Result<Self, Refused> {
        let tenants = page.principal().map(Principal::tenants).unwrap_or_default();
        match (is_asked(page), tenants.first()) {
            (true, Some(tenant)) => Ok(Self::Own(name_of(tenant.authority()))),
            (true, None) => Err(Refused::NotFound),
            (false, Some(_)) => Ok(Self::EitherShowingRelease),
            (false, None) => Ok(Self::Release),
        }
    }

    /// What the addresses of the same figures end in.
    pub(super) fn query(&self) -> &'static str {
        if matches!(self, Self::Own(_)) { "?whose=own" } else { "" }
    }
}

/// The asker's own table of that name, if that is what is asked for.
pub(super) async fn table(page: &Page, name: &str) -> Result<Option<PublishedTable>, Refused> {
    if !is_asked(page) {
        return Ok(None);
    }
    let tenant = page.principal()?.tenants().into_iter().next().ok_or(Refused::NotFound)?;
    let definition = hub_sufficiency::find_definition(name).ok_or(Refused::NotFound)?;
    let table = publish::own_by_version(page.hub(), &tenant, definition.id, definition.version).await?;
    table.map(Some).ok_or(Refused::NotFound)
}

fn is_asked(page: &Page) -> bool {
    page.query().get("whose") == Some("own")
}
