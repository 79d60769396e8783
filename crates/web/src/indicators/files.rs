//! A table to take away: the bytes that the API serves to the same reader.

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;

use super::own;
use crate::figure::Edition;
use crate::layout::Page;
use crate::refused::{Answer, Refused};

/// The table of that name in that form.
pub(super) async fn give(page: &Page, name: &str, ending: &str) -> Answer {
    let (table, day) = if let Some(table) = own::table(page, name).await? {
        (table, page.today())
    } else {
        let (published, edition) = Edition::shown(page).ok_or(Refused::NotFound)?;
        (published.tables.get(name).cloned().ok_or(Refused::NotFound)?, edition.as_at)
    };
    let (bytes, kind) = match ending {
        "csv" => (table.csv.clone(), "text/csv; charset=utf-8"),
        "json" => (table.json.clone(), "application/json"),
        _ => return Err(Refused::NotFound),
    };
    let named = format!("attachment; filename=\"{name}-{day}.{ending}\"");
    let named = HeaderValue::from_str(&named).map_err(Refused::fault)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, named),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes).into_response())
}
