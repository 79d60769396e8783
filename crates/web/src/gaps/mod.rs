//! Market gaps: who is still without a home after every usable place has been offered once, what that costs, and what one
//! more place would do. Needs stand apart from ages and kinds of home: cut by all at once, nearly every count would be hidden.

mod asked;
mod more;
mod rows;
mod trend;

use askama::Template;
use hub_domain::Need;
use url::form_urlencoded;

use crate::chart::{Bars, Lines};
use crate::figure::{Cell, DataTable, Edition, Figure, Opened};
use crate::layout::Page;
use crate::refused::Answer;
use asked::{Asked, Choice};

#[derive(Template)]
#[template(path = "gaps/gaps.html")]
struct Gaps {
    edition: Option<Edition>,
    choices: Vec<(&'static str, &'static str, Vec<Choice>)>,
    by_need: bool,
    table: Option<DataTable>,
    bars: Option<Bars>,
    trend: Option<(Lines, DataTable)>,
    words: &'static str,
    limits: &'static str,
    definition: &'static str,
}

/// `GET /gaps`.
pub(crate) async fn gaps(page: Page) -> Answer {
    let asked = Asked::read(&page)?;
    let mut view = Gaps {
        edition: None,
        choices: asked.choices(),
        by_need: asked.need.is_some(),
        table: None,
        bars: None,
        trend: None,
        words: "",
        limits: "",
        definition: asked.table(),
    };
    if let Some((published, edition)) = Edition::shown(&page) {
        if let Some(opened) = Opened::of(&published, asked.table())? {
            let rows = rows::of(&opened, &asked);
            view.words = opened.definition.map_or("", |definition| definition.words);
            view.limits = opened.definition.map_or("", |definition| definition.limits);
            let marginal = Opened::of(&published, "marginal_value")?;
            view.table = Some(rows::table(&rows, marginal.as_ref(), &edition));
            view.bars = Some(rows::bars(&rows)).filter(|bars| !bars.is_empty());
            if let Some(first) = rows.first() {
                view.trend = trend::of(&page, &edition, (asked.table(), first)).await?;
            }
        }
        view.edition = Some(edition);
    }
    page.show("Market gaps", &view)
}

/// Where the gap of a sub-region, kind of home and age band stands.
pub(crate) fn address(area: &str, provision: &str, age: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("area", area)
        .append_pair("provision", provision)
        .append_pair("age", age)
        .finish();
    format!("/gaps?{query}")
}

/// A count of a gap that was read back: what is not there is hidden.
pub(crate) fn shown(count: Option<u64>) -> Figure {
    let number = count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    number.map_or(Figure::Hidden, Figure::Number)
}

/// A need as people read it.
pub(crate) fn need_words(need: &str) -> &str {
    match need {
        "none" => "none named",
        need => need.parse::<Need>().map_or(need, |known| known.label()),
    }
}

/// A cell that leads to the same address.
fn link(words: &str, to: String) -> Cell {
    Cell::Link(words.to_owned(), to)
}
