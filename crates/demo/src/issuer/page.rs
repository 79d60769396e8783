//! The page on which a visitor chooses whom to be.

use std::fmt::Write as _;

use super::personas::Persona;

/// The page: a link for each persona, which leads on with what the hub asked for (`query`, encoded already).
pub(super) fn page(stylesheet: &str, choose: &str, query: &str, personas: &[Persona]) -> String {
    let mut links = String::new();
    for persona in personas {
        let to = format!("{choose}?persona={}&amp;{}", persona.id, query.replace('&', "&amp;"));
        let Persona { name, purpose, .. } = persona;
        // Writing to a string does not fail.
        let _ = writeln!(
            links,
            "<li><a href=\"{to}\">{}</a> <span class=\"hint\">{}</span></li>",
            plain(name),
            plain(purpose)
        );
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Whom do you want to be? – Demonstration accounts</title>\n\
         <link rel=\"stylesheet\" href=\"{stylesheet}\">\n<link rel=\"icon\" href=\"data:,\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to main content</a>\n\
         <header class=\"top\"><div class=\"width\"><span class=\"brand\">Demonstration accounts</span></div></header>\n\
         <main id=\"main\" class=\"width\" tabindex=\"-1\">\n<h1>Whom do you want to be?</h1>\n\
         <p>This stands in the place of a council's sign-in. There are no passwords: nobody here exists.</p>\n\
         <ul class=\"personas\">\n{links}</ul>\n</main>\n</body>\n</html>\n"
    )
}

/// Text as HTML shows it.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
