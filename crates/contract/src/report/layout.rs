//! Plain text for a terminal: folding, and numbers people can read. For whatever prints a report.

use std::fmt::Write as _;

/// Width that lines are folded to.
const WIDTH: usize = 100;

/// Writes `text` after `lead`, folded to 100 characters, later lines set in under the first.
pub fn fold(out: &mut String, lead: &str, text: &str) {
    let indent = " ".repeat(lead.chars().count());
    let mut line = lead.to_owned();
    let mut is_fresh = true;
    for word in text.split_whitespace() {
        if !is_fresh && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{}", line.trim_end());
            line.clone_from(&indent);
            is_fresh = true;
        }
        if !is_fresh {
            line.push(' ');
        }
        line.push_str(word);
        is_fresh = false;
    }
    let _ = writeln!(out, "{}", line.trim_end());
}

/// `12,345`.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `12,345 rows`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fold_under_their_lead_and_numbers_have_commas() {
        let mut out = String::new();
        fold(&mut out, "  fix: ", &"word ".repeat(40));
        assert!(out.lines().count() > 1);
        assert!(out.lines().all(|line| line.chars().count() <= WIDTH && !line.ends_with(' ')));
        assert!(out.lines().skip(1).all(|line| line.starts_with("       word")));
        assert_eq!(
            (counted(1, "row", "rows"), counted(1_234_567, "row", "rows")),
            ("1 row".into(), "1,234,567 rows".into())
        );
    }
}
