use askama::Template;
use hub_pipeline::publish::{self, Refusal};
use hub_store::release::{self, Release};

use crate::layout::{Cell, Head, Page, Table, date, when};
use crate::refused::{Answer, Refused};

/// Releases shown of each audience.
const SHOWN: i64 = 30;

#[derive(Template)]
#[template(path = "operator/releases.html")]
struct Releases {
    refusals: Table,
    consortium: Table,
    public: Table,
}

/// `GET /operator/releases`: what was published, what the gate showed and hid of it, and what it refused.
pub(crate) async fn releases(page: Page) -> Answer {
    page.operator()?;
    let mut link = page.hub().store.read().await?;
    let refusals = publish::refusals(&mut link, SHOWN).await?;
    let consortium = release::list(&mut link, release::CONSORTIUM, None, SHOWN).await?;
    let public = release::list(&mut link, release::PUBLIC, None, SHOWN).await?;
    let shown = Releases {
        refusals: refused(&refusals),
        consortium: table("For the consortium, latest first", &consortium)?,
        public: table("For the public, latest first", &public)?,
    };
    page.show("Releases and their gate", &shown)
}

fn refused(all: &[Refusal]) -> Table {
    let heads =
        [Head::text("When"), Head::text("Would have described"), Head::text("Asked for by"), Head::text("Why not")];
    let row = |one: &Refusal| {
        vec![Cell::text(when(one.at)), Cell::text(date(one.as_at)), Cell::text(&one.reason), Cell::text(&one.why)]
    };
    Table::new("What the gate refused, latest first", heads)
        .with(all.iter().map(row))
        .or_else("It has refused nothing.")
}

fn table(caption: &str, all: &[Release]) -> Result<Table, Refused> {
    let heads = [
        Head::number("Number"),
        Head::text("Describes"),
        Head::text("Published"),
        Head::text("Asked for by"),
        Head::text("What the gate says of it"),
        Head::text("Digest"),
    ];
    let row = |one: &Release| {
        Ok(vec![
            Cell::number(one.number),
            Cell::text(date(one.as_at)),
            Cell::text(when(one.published_at)),
            Cell::text(&one.reason),
            Cell::text(summary(&one.summary)?),
            Cell::text(one.digest.chars().take(12).collect::<String>()),
        ])
    };
    let rows = all.iter().map(row).collect::<Result<Vec<_>, Refused>>()?;
    Ok(Table::new(caption, heads).with(rows).or_else("Nothing has been published yet."))
}

/// The figures of a release's summary that are numbers, by name: how many rows, how much was shown. Tables' own are left out.
fn summary(text: &str) -> Result<String, Refused> {
    let summary: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).map_err(Refused::fault)?;
    let figure = |(name, value): (&String, &serde_json::Value)| {
        value.is_number().then(|| format!("{}: {value}", name.replace('_', " ")))
    };
    Ok(summary.iter().filter_map(figure).collect::<Vec<_>>().join("; "))
}
