//! What holds of every answer to a person: nothing from another site, nothing that a script could do, nothing kept.

use hub_testkit::Answer;

/// What is wrong with an answer.
pub(super) fn faults(path: &str, answer: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    let mut want = |holds: bool, what: &str| {
        if !holds {
            found.push(what.to_owned());
        }
    };
    let policy = answer.header("content-security-policy");
    want(policy.starts_with("default-src 'none'; style-src 'self';"), "its policy lets in more than our stylesheet");
    want(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "its policy lets it be framed");
    want(answer.header("x-content-type-options") == "nosniff", "its type may be guessed");
    let kept = answer.header("cache-control");
    want(kept == "no-store" || path.starts_with("/assets/"), "it may be kept");
    let text = answer.text();
    if answer.header("content-type").starts_with("text/html") {
        found.extend(page_faults(&text));
    }
    found
}

/// What is wrong with a page.
fn page_faults(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (bad, what) in [
        ("<script", "a script"),
        (" style=", "a style of its own"),
        (" onclick", "a handler"),
        ("src=\"http", "a picture from another site"),
        ("href=\"//", "a link to another site"),
        ("{{", "a piece of template"),
    ] {
        if page.contains(bad) {
            found.push(format!("it has {what}"));
        }
    }
    for (good, what) in [
        ("<!DOCTYPE html>", "a doctype"),
        ("<html lang=\"en-GB\">", "a language"),
        ("<h1>", "a heading"),
        ("href=\"#main\"", "a way to skip"),
        ("<main id=\"main\"", "a main part"),
        ("name=\"viewport\"", "a width"),
    ] {
        if !page.contains(good) {
            found.push(format!("it has not {what}"));
        }
    }
    if page.matches("<h1").count() != 1 {
        found.push("it has not one first heading".to_owned());
    }
    found.extend(unlabelled(page));
    found
}

/// Fields that no label names, and tables without a caption.
fn unlabelled(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in page.split('<').filter(|piece| {
        ["input ", "select ", "textarea "].iter().any(|name| piece.starts_with(name))
            && !piece.contains("type=\"hidden\"")
    }) {
        let id = piece.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        if id.is_empty() || !page.contains(&format!("for=\"{id}\"")) {
            found.push(format!("a field has no label: {piece}"));
        }
    }
    if page.matches("<table>").count() != page.matches("<caption>").count() {
        found.push("a table has no caption".to_owned());
    }
    found
}

#[test]
fn a_page_that_says_too_much_or_too_little_is_found() {
    let bad = "<html><h1>A</h1><h1>B</h1><script src=\"https://elsewhere.example/a.js\"></script><input id=\"a\"><table></table>";
    let found = page_faults(bad).join("; ");
    for what in ["a script", "a doctype", "a language", "one first heading", "no label", "no caption", "a way to skip"]
    {
        assert!(found.contains(what), "{what}: {found}");
    }
}
