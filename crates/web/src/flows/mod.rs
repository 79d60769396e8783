//! Flows: whose children live where, as a picture and as a table; one borough's in and out; and how far from home.

mod distance;
mod matrix;
mod own;

use askama::Template;
use hub_domain::AuthorityCode;

use crate::chart::{Bars, Matrix};
use crate::figure::{DataTable, Edition, Opened};
use crate::layout::{Page, name_of};
use crate::refused::{Answer, Refused};

/// What flows are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// Children living there today.
    Stock,
    /// Stays begun in twelve months.
    Starts,
}

#[derive(Template)]
#[template(path = "flows/flows.html")]
struct Flows {
    edition: Option<Edition>,
    measure: Measure,
    authorities: Vec<(String, String, bool)>,
    whole: Option<(Matrix, DataTable)>,
    own: Option<Own>,
    distance: Option<DataTable>,
    words: &'static str,
    limits: &'static str,
}

/// One borough's in and out.
struct Own {
    name: String,
    out: (Bars, DataTable),
    into: (Bars, DataTable),
}

/// `GET /flows`.
pub(crate) async fn flows(page: Page) -> Answer {
    let measure = Measure::asked(&page)?;
    let of: Option<AuthorityCode> = page.query().parsed("of", "the code of an authority, such as E09000023")?;
    let mut view = Flows {
        edition: None,
        measure,
        authorities: Vec::new(),
        whole: None,
        own: None,
        distance: None,
        words: "",
        limits: "",
    };
    if let Some((published, edition)) = Edition::shown(&page) {
        if let Some(opened) = Opened::of(&published, "flows")? {
            view.words = opened.definition.map_or("", |definition| definition.words);
            view.limits = opened.definition.map_or("", |definition| definition.limits);
            view.authorities = matrix::authorities(&opened, of);
            view.own = of.map(|of| Own {
                name: name_of(of),
                out: own::out(&opened, of, (measure, &edition)),
                into: own::into(&opened, of, (measure, &edition)),
            });
            view.whole = Some(matrix::of(&opened, (measure, &edition))).filter(|_| of.is_none());
        }
        if let Some(opened) = Opened::of(&published, "distance")? {
            view.distance = Some(distance::of(&opened, of, &edition));
        }
        view.edition = Some(edition);
    }
    page.show("Flows", &view)
}

impl Measure {
    const ALL: [Self; 2] = [Self::Stock, Self::Starts];

    fn asked(page: &Page) -> Result<Self, Refused> {
        let asked = page.query().get("measure").unwrap_or("stock");
        let found = Self::ALL.into_iter().find(|measure| measure.column() == asked);
        found.ok_or_else(|| Refused::Invalid("There is no such measure. Flows have: stock, starts.".to_owned()))
    }

    /// Its column in the table.
    const fn column(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Starts => "starts",
        }
    }

    /// In words.
    const fn words(self) -> &'static str {
        match self {
            Self::Stock => "Children living there today",
            Self::Starts => "Stays begun in twelve months",
        }
    }
}
