//! The questions commissioners ask, answered by the release being served.

use axum::extract::State;
use hub_sufficiency::{Answered as Part, Question, question, questions};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{Caller, Consortium, Json, Path};
use crate::page::List;
use crate::problem::{NOT_FOUND, Problem};
use crate::state::Api;

/// A question.
#[derive(Serialize, ToSchema)]
#[schema(as = Question)]
pub(crate) struct View {
    /// From 1 to 17.
    number: u8,
    /// Its name: `/v1/questions/` takes either.
    id: &'static str,
    /// The question.
    words: &'static str,
    /// How to read the answer.
    how: &'static str,
    /// What the answer leaves open for want of data; absent where nothing.
    #[serde(skip_serializing_if = "str::is_empty")]
    missing: &'static str,
    /// Where the answer is.
    href: String,
    /// Published tables that it is read from, and their definitions.
    reads: Vec<Read>,
    /// Other addresses that answer a part of it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>)]
    routes: &'static [&'static str],
}

/// A table that a question is read from.
#[derive(Serialize, ToSchema)]
pub(crate) struct Read {
    /// Its name.
    table: &'static str,
    /// What it tells of the question.
    tells: &'static str,
    /// The whole of it; add `.csv` for CSV.
    href: String,
    /// What its figures mean.
    definition: String,
}

/// A question and its answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct Answered {
    /// The question.
    #[serde(flatten)]
    question: View,
    /// The release that answers; null before the first.
    release: Option<Uuid>,
    /// What each table of the release says: its definition and version, the rows that the question keeps, ranked as it asks.
    /// Every figure has passed the release gate, and what is hidden in the table is hidden here. Empty where the data is
    /// missing.
    #[schema(value_type = Vec<Object>)]
    answers: Vec<Part>,
}

impl View {
    fn of(question: &'static Question) -> Self {
        let reads = question.readings.iter().map(|reading| Read {
            table: reading.table,
            tells: reading.tells,
            href: format!("/v1/tables/{}", reading.table),
            definition: format!("/v1/definitions/{}", reading.table),
        });
        Self {
            number: question.number,
            id: question.id,
            words: question.words,
            how: question.how,
            missing: question.missing,
            href: format!("/v1/questions/{}", question.id),
            reads: reads.collect(),
            routes: question.routes,
        }
    }
}

/// The questions.
#[utoipa::path(get, path = "/v1/questions", tag = "figures", responses((status = 200, body = List<View>)))]
pub(crate) async fn list(_: Caller<Consortium>) -> List<View> {
    List::whole(questions().iter().map(View::of).collect())
}

/// A question, answered by the release being served, with a word on what is missing to answer it.
#[utoipa::path(get, path = "/v1/questions/{id}", tag = "figures",
    params(("id" = String, Path, description = "Its name, such as recurring-gaps, or its number")),
    responses((status = 200, body = Answered)))]
pub(crate) async fn show(
    State(api): State<Api>,
    _: Caller<Consortium>,
    Path(id): Path<String>,
) -> Result<Json<Answered>, Problem> {
    let question = question(&id).ok_or_else(|| Problem::new(NOT_FOUND))?;
    let published = api.hub().published.load_full();
    let answers = published.as_deref().map_or_else(|| Ok(Vec::new()), |published| published.answer(question));
    Ok(Json(Answered {
        question: View::of(question),
        release: published.as_ref().map(|published| published.release.id),
        answers: answers?,
    }))
}
