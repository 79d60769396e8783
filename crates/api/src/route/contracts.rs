use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hub_contract::{contract, csv_template, json_schema, reference, table_schema};
use hub_domain::Dataset;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Fields, FromFields, Json, Path, Query};
use crate::page::List;

/// A contract, in a line.
#[derive(Serialize, ToSchema)]
pub(crate) struct Summary {
    /// The dataset it governs.
    #[schema(value_type = String)]
    dataset: Dataset,
    /// Its version.
    version: String,
    /// What it is called.
    title: String,
    /// What the dataset is for.
    purpose: String,
    /// When it should arrive each night, London time.
    deliver_by: String,
    /// The contract itself.
    href: String,
    /// A Frictionless Table Schema made from it.
    table_schema: String,
    /// A JSON Schema of one NDJSON row, made from it.
    json_schema: String,
    /// A CSV with its headings.
    template: String,
}

/// The shape of a contract asked for.
pub(crate) struct Wanted {
    page: bool,
}

impl FromFields for Wanted {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        let format = fields.or("format", "yaml or markdown", "yaml".to_owned())?;
        if !matches!(format.as_str(), "yaml" | "markdown") {
            fields.refuse("format", "yaml or markdown");
        }
        Some(Self { page: format == "markdown" })
    }
}

/// The contracts in force.
#[utoipa::path(get, path = "/v1/contracts", tag = "contracts", responses((status = 200, body = List<Summary>)))]
pub(crate) async fn list() -> List<Summary> {
    List::whole(Dataset::ALL.into_iter().map(Summary::of).collect())
}

/// A contract as it is written (Open Data Contract Standard, YAML), or as a page for people.
#[utoipa::path(get, path = "/v1/contracts/{dataset}", tag = "contracts",
    params(("dataset" = String, Path), ("format" = Option<String>, Query, description = "yaml or markdown")),
    responses((status = 200, content((String = "application/yaml"), (String = "text/markdown")))))]
pub(crate) async fn show(Path(dataset): Path<Dataset>, Query(wanted): Query<Wanted>) -> Response {
    let contract = contract(dataset);
    if wanted.page {
        return lasting("text/markdown; charset=utf-8", reference(contract));
    }
    lasting("application/yaml", contract.text.as_str())
}

/// The contract's columns as a Frictionless Table Schema, for validators that know it.
#[utoipa::path(get, path = "/v1/contracts/{dataset}/table-schema", tag = "contracts", params(("dataset" = String, Path)),
    responses((status = 200, body = Object, content_type = "application/json")))]
pub(crate) async fn table_schema_of(Path(dataset): Path<Dataset>) -> Response {
    lasting("application/json", Json(table_schema(contract(dataset))))
}

/// One row of the contract's NDJSON form as a JSON Schema (2020-12), for programs that make rows or check them.
#[utoipa::path(get, path = "/v1/contracts/{dataset}/json-schema", tag = "contracts", params(("dataset" = String, Path)),
    responses((status = 200, body = Object, content_type = "application/schema+json")))]
pub(crate) async fn json_schema_of(Path(dataset): Path<Dataset>) -> Response {
    lasting("application/schema+json", Json(json_schema(contract(dataset))))
}

/// A CSV file with the contract's headings and nothing else.
#[utoipa::path(get, path = "/v1/contracts/{dataset}/template.csv", tag = "contracts", params(("dataset" = String, Path)),
    responses((status = 200, body = String, content_type = "text/csv")))]
pub(crate) async fn template(Path(dataset): Path<Dataset>) -> Response {
    lasting("text/csv; charset=utf-8", csv_template(contract(dataset)))
}

/// Contracts change with the program, not under it.
const LASTING: &str = "public, max-age=300";

fn lasting(kind: &'static str, body: impl IntoResponse) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(LASTING));
    (headers, body).into_response()
}

impl Summary {
    fn of(dataset: Dataset) -> Self {
        let contract = contract(dataset);
        let href = format!("/v1/contracts/{dataset}");
        Self {
            dataset,
            version: contract.version.clone(),
            title: contract.title.clone(),
            purpose: contract.purpose.clone(),
            deliver_by: contract.sla.deliver_by.to_string(),
            table_schema: format!("{href}/table-schema"),
            json_schema: format!("{href}/json-schema"),
            template: format!("{href}/template.csv"),
            href,
        }
    }
}
