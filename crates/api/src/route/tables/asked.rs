//! What of a table is asked for: in which form, and over which days.

use axum::http::{HeaderMap, header};
use hub_domain::Date;
use hub_pipeline::publish::{Audience, Form, Range};
use hub_store::release::{Days, Which};

use crate::accept::{Shape, Wanted, weight};
use crate::extract::{Fields, FromFields};
use crate::problem::{NOT_ACCEPTABLE, Problem};

/// Releases on one page of a range, unless said: a month of nights.
const USUAL: i64 = 31;
/// The most: a year of nights. A page ends sooner when it has grown long.
const MOST: i64 = 366;

/// The form asked for by `format=`, and the range, if one is.
#[derive(Debug)]
pub(crate) struct Asked {
    form: Option<Form>,
    span: Option<Span>,
}

/// The days, and the page of them.
#[derive(Debug)]
struct Span {
    days: Days,
    which: Which,
    after: i64,
    limit: i64,
}

impl FromFields for Asked {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let form = fields.optional("format", "json, csv or parquet");
        let span = Span::read(fields);
        let (span, is_range) = span?;
        Some(Self { form: form?, span: is_range.then_some(span) })
    }
}

impl Span {
    /// The range, and whether one is asked for. `None` when something does not read.
    fn read(fields: &mut Fields) -> Option<(Self, bool)> {
        let from: Option<Option<Date>> = fields.optional("from", "the first day, YYYY-MM-DD");
        let to: Option<Option<Date>> = fields.optional("to", "the day after the last, YYYY-MM-DD");
        let which: Option<Option<String>> = fields.optional("releases", "all, or last for the last of each day");
        let after: Option<Option<i64>> = fields.optional("after", "the number of a release");
        let limit: Option<Option<i64>> = fields.optional("limit", "a whole number of releases from 1 to 366");
        let (from, to, which, after, limit) = (from?, to?, which?, after?, limit?);
        let said = from.is_some() || to.is_some() || which.is_some() || after.is_some() || limit.is_some();
        let days = Days { from: from.unwrap_or(Days::ALL.from), to: to.unwrap_or(Days::ALL.to) };
        if days.from > days.to {
            fields.refuse("to", "a day that is not before from");
        }
        if limit.is_some_and(|limit| !(1..=MOST).contains(&limit)) {
            fields.refuse("limit", "a whole number of releases from 1 to 366");
        }
        let which = match which.as_deref() {
            None | Some("all") => Which::Every,
            Some("last") => Which::Last,
            Some(_) => {
                fields.refuse("releases", "all, or last for the last of each day");
                return None;
            }
        };
        let span = Self { days, which, after: after.unwrap_or(0), limit: limit.unwrap_or(USUAL) };
        Some((span, said))
    }
}

impl Asked {
    /// One release's table, in that form if one was named.
    pub(crate) fn whole(form: Option<Form>) -> Self {
        Self { form, span: None }
    }

    /// The form: by the name's ending, by `format=`, or by `Accept`.
    pub(crate) fn form(&self, name: &str, headers: &HeaderMap) -> Result<Form, Problem> {
        let form = match ending(name).or(self.form) {
            Some(form) => form,
            None => accepted(headers)?,
        };
        if form.is_given() {
            return Ok(form);
        }
        Err(Problem::new(NOT_ACCEPTABLE).detail("This hub was built without Parquet; JSON and CSV can be given."))
    }

    /// Whether the rows of several releases are asked for.
    pub(crate) fn is_range(&self) -> bool {
        self.span.is_some()
    }

    /// The range of that audience's table, if one is asked for.
    pub(super) fn range(&self, audience: Audience, name: &str) -> Option<Range> {
        let Span { days, which, after, limit } = *self.span.as_ref()?;
        Some(Range { audience, table: bare(name).to_owned(), days, which, after, limit })
    }
}

/// A table's name without the ending that says its form.
pub(crate) fn bare(name: &str) -> &str {
    if ending(name).is_some() { name.rsplit_once('.').map_or(name, |(bare, _)| bare) } else { name }
}

fn ending(name: &str) -> Option<Form> {
    name.rsplit_once('.')?.1.parse().ok()
}

/// Parquet where it is preferred to the others, else JSON or CSV.
fn accepted(headers: &HeaderMap) -> Result<Form, Problem> {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let parquet = weight(accept, "application", "vnd.apache.parquet");
    if parquet > weight(accept, "application", "json").max(weight(accept, "text", "csv")) {
        return Ok(Form::Parquet);
    }
    Ok(match Wanted::default().shape(headers)? {
        Shape::Json => Form::Json,
        Shape::Csv => Form::Csv,
    })
}
