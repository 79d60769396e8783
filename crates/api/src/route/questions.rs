//! The questions commissioners ask, answered by the release being served.

use axum::extract::State;
use hub_sufficiency::{Definition, Question, question, questions};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{Caller, Consortium, Json, Path};
use crate::page::List;
use crate::problem::{INTERNAL, NOT_FOUND, Problem};
use crate::state::Api;

/// A question.
#[derive(Serialize, ToSchema)]
#[schema(as = Question)]
pub(crate) struct View {
    /// From 1 to 17.
    number: u8,
    /// The question.
    words: &'static str,
    /// What the answer leaves open for want of data; absent where nothing.
    #[serde(skip_serializing_if = "str::is_empty")]
    missing: &'static str,
    /// Where the answer is.
    href: String,
    /// The table that answers it; absent where the data is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<&'static str>,
}

/// A question and its answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct Answered {
    /// The question.
    #[serde(flatten)]
    question: View,
    /// What the figures mean; null where the data is missing.
    #[schema(value_type = Option<Object>)]
    definition: Option<Definition>,
    /// The release that answers; null before the first that does.
    release: Option<Uuid>,
    /// The table as published: every figure has passed the release gate. Null where the data is missing.
    #[schema(value_type = Option<Object>)]
    answer: Option<Box<RawValue>>,
}

impl View {
    fn of(question: &Question) -> Self {
        Self {
            number: question.number,
            words: question.words,
            missing: question.missing,
            href: format!("/v1/questions/{}", question.number),
            table: question.table.map(|table| table.id),
        }
    }
}

/// The questions.
#[utoipa::path(get, path = "/v1/questions", tag = "figures", responses((status = 200, body = List<View>)))]
pub(crate) async fn list(_: Caller<Consortium>) -> List<View> {
    List::whole(questions().iter().map(View::of).collect())
}

/// A question, answered by the release being served; or what is missing to answer it.
#[utoipa::path(get, path = "/v1/questions/{number}", tag = "figures", params(("number" = u8, Path)),
    responses((status = 200, body = Answered)))]
pub(crate) async fn show(
    State(api): State<Api>,
    _: Caller<Consortium>,
    Path(number): Path<u8>,
) -> Result<Json<Answered>, Problem> {
    let question = question(number).ok_or_else(|| Problem::new(NOT_FOUND))?;
    let published = api.hub().published.load_full();
    let table = published.as_ref().zip(question.table).and_then(|(published, definition)| {
        published.tables.get(definition.id).map(|table| (published.release.id, table.json.clone()))
    });
    let read = |json: &[u8]| serde_json::from_slice::<Box<RawValue>>(json);
    let answer = table.as_ref().map(|(_, json)| read(json)).transpose();
    Ok(Json(Answered {
        question: View::of(question),
        definition: question.table,
        release: table.as_ref().map(|(release, _)| *release),
        answer: answer.map_err(|error| Problem::new(INTERNAL).cause(error))?,
    }))
}
