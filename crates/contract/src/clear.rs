//! Text that comes to the hub in another way than in a file, judged as a file's is.

use crate::cell::shape;

/// Whether `text` has the shape of a date, a full postcode, an NHS number or a UPN anywhere in it; unless it `may_name`
/// somebody, also of a person's name.
pub fn says_too_much(text: &str, may_name: bool) -> bool {
    let bytes = text.as_bytes();
    shape::within(bytes).is_some() || (!may_name && shape::is_name(bytes, true))
}

#[cfg(test)]
mod tests {
    use super::says_too_much;

    #[test]
    fn what_a_file_may_not_say_a_statement_may_not_either() {
        for text in ["Born 12/03/2011.", "lives at SE13 6AB now", "NHS 943 476 5919", "A123456789012"] {
            assert!(says_too_much(text, true), "{text}");
        }
        assert!(says_too_much("Ada Lovelace", false) && !says_too_much("Ada Lovelace", true));
        assert!(!says_too_much("The carer fell ill at night and no other could be found.", false));
    }
}
