//! What one more place would do about a gap.

use crate::figure::{Figure, Line, Opened};

/// The profile that could serve most of the children of an area, kind of home and age band; of equals, the first.
pub(super) fn one_more(marginal: &Opened, [area, provision, age]: [&str; 3]) -> Option<String> {
    let is_meant = |line: &Line<'_>| {
        let says = |column, word: &str| word == "all" || line.word(column) == word;
        line.word("borough") == "all" && says("area", area) && says("provision", provision) && says("age_band", age)
    };
    let shown = marginal.lines().filter(is_meant).filter_map(|line| Some((line.figure("could_serve").number()?, line)));
    let (served, line) = shown.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let need = match line.word("need") {
        "none" => String::new(),
        need => format!(", meeting {}", super::need_words(need)),
    };
    let filled = match line.figure("would_fill") {
        Figure::Number(places) | Figure::Held(places) => format!("; {places} such places would fill"),
        Figure::Hidden | Figure::Word(_) | Figure::Blank => String::new(),
    };
    Some(format!("{served} children, aged {}, in {}{need}{filled}", line.word("age_band"), line.word("host_name")))
}
