//! Providers, one page for each URN: the regulator's judgements in their own scales, every authority's visits beside them,
//! where they disagree, what is in force, who places there as far as the gate lets it be known, and alerts.

mod index;
mod known;
mod register;
mod visits;

use askama::Template;
use hub_pipeline::providers;

use crate::figure::{DataTable, Edition};
use crate::layout::Page;
use crate::refused::{Answer, Refused};
use known::Known;

pub(crate) use index::index;

#[derive(Template)]
#[template(path = "providers/provider.html")]
struct Provider {
    urn: String,
    name: String,
    edition: Option<Edition>,
    facts: Vec<(&'static str, String)>,
    warnings: Vec<String>,
    judgements: DataTable,
    restrictions: DataTable,
    visits: DataTable,
    disagreements: Vec<String>,
    placing: DataTable,
    alerts: Option<DataTable>,
}

/// `GET /providers/{urn}`.
pub(crate) async fn show(page: Page) -> Answer {
    let urn: String = page.parameter("urn")?;
    let found = Edition::shown(&page);
    let known = match &found {
        Some((published, _)) => Known::of(published, &urn)?,
        None => Known::default(),
    };
    let entries = providers::register(page.hub(), &urn).await?;
    if entries.is_empty() && !known.is_anything() {
        return Err(Refused::NotFound);
    }
    let mut alerts = Vec::new();
    let tenants = page.principal()?.tenants();
    for tenant in &tenants {
        alerts.extend(providers::alerts(page.hub(), tenant, &urn).await?);
    }
    let today = page.today();
    let name = register::name(&entries).unwrap_or_else(|| known.name.clone());
    let view = Provider {
        edition: found.map(|(_, edition)| edition),
        facts: register::facts(&entries, today).into_iter().chain(known.facts.clone()).collect(),
        warnings: register::warnings(&entries, today).into_iter().chain(known.warnings.clone()).collect(),
        judgements: register::judgements(&entries),
        restrictions: register::restrictions(&entries, today),
        disagreements: visits::disagreements(&entries, &known.visits),
        visits: visits::table(&known.visits),
        placing: known.placing.clone(),
        alerts: (!tenants.is_empty()).then(|| known::alerts(&alerts)),
        name: if name.is_empty() { format!("Provider {urn}") } else { name },
        urn,
    };
    page.show(&view.name, &view)
}

/// A word of a vocabulary as people read it.
fn plain(word: &str) -> String {
    crate::figure::heading(word)
}
