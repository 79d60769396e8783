//! A code as one word of eight bytes, so that rules compare numbers.

/// A code from a list. Up to eight ASCII characters are packed; longer ones are hashed with the top
/// bit set, which packed ASCII never has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Code(pub(crate) u64);

impl Code {
    /// The code of `text`; usable in patterns through a `const`.
    #[expect(clippy::indexing_slicing, reason = "const; the index is below the length by the loop's condition")]
    pub(crate) const fn of(text: &[u8]) -> Self {
        let mut packed: u64 = 0;
        let mut at = 0;
        if text.len() <= 8 {
            while at < text.len() {
                packed = (packed << 8) | text[at] as u64;
                at += 1;
            }
            return Self(packed & !TOP);
        }
        packed = 0xcbf2_9ce4_8422_2325;
        while at < text.len() {
            packed = (packed ^ text[at] as u64).wrapping_mul(0x0100_0000_01b3);
            at += 1;
        }
        Self(packed | TOP)
    }
}

const TOP: u64 = 1 << 63;

/// A code list, each code with the days it holds.
#[derive(Debug, Clone)]
pub(crate) struct CodeList {
    entries: Vec<Entry>,
    slots: Box<[u8; SLOTS]>,
}

/// One code.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) text: Box<str>,
    pub(crate) meaning: Box<str>,
    pub(crate) code: Code,
    /// First and last day on which it may be used, as days since 1970.
    pub(crate) first: i32,
    pub(crate) last: i32,
}

/// Twice the longest list, a power of two.
const SLOTS: usize = 256;
/// More entries than this and the table would fill.
pub(crate) const MOST: usize = 127;
const EMPTY: u8 = u8::MAX;

impl CodeList {
    /// A list of at most [`MOST`] codes.
    pub(crate) fn of(entries: Vec<Entry>) -> Option<Self> {
        let mut slots = Box::new([EMPTY; SLOTS]);
        if entries.len() > MOST {
            return None;
        }
        for (index, entry) in entries.iter().enumerate() {
            let mut at = slot(entry.code);
            while slots.get(at).is_some_and(|taken| *taken != EMPTY) {
                at = (at + 1) % SLOTS;
            }
            *slots.get_mut(at)? = u8::try_from(index).ok()?;
        }
        Some(Self { entries, slots })
    }

    /// The entry of `text`, if it is listed, and its place in the list.
    pub(crate) fn find(&self, text: &[u8]) -> Option<(u8, &Entry)> {
        let code = Code::of(text);
        let mut at = slot(code);
        loop {
            let index = *self.slots.get(at)?;
            let entry = self.entries.get(usize::from(index))?;
            // Up to seven characters, the packed code and the length say it all.
            let same = entry.code == code && entry.text.len() == text.len();
            if same && (text.len() < 8 || entry.text.as_bytes() == text) {
                return Some((index, entry));
            }
            at = (at + 1) % SLOTS;
        }
    }

    /// The entry at `index`.
    pub(crate) fn at(&self, index: u8) -> Option<&Entry> {
        self.entries.get(usize::from(index))
    }

    /// All of them, in the order of the list.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether any code holds for part of the years only.
    pub(crate) fn is_dated(&self) -> bool {
        self.entries.iter().any(|entry| entry.first != i32::MIN || entry.last != i32::MAX)
    }
}

fn slot(code: Code) -> usize {
    usize::try_from(code.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(codes: &[&str]) -> CodeList {
        let entry = |text: &&str| Entry {
            text: (*text).into(),
            meaning: "".into(),
            code: Code::of(text.as_bytes()),
            first: i32::MIN,
            last: i32::MAX,
        };
        CodeList::of(codes.iter().map(entry).collect()).unwrap()
    }

    #[test]
    fn finds_what_is_listed_and_nothing_else() {
        let codes = list(&["U4", "U6", "requires_improvement", "K1"]);
        assert_eq!(codes.find(b"K1").unwrap().0, 3);
        assert_eq!(codes.find(b"requires_improvement").unwrap().0, 2);
        for absent in [&b""[..], b"U5", b"4U", b"requires_improvemen", b"\xffU4"] {
            assert!(codes.find(absent).is_none());
        }
        assert_eq!(codes.at(0).unwrap().text.as_ref(), "U4");
        assert!(!codes.is_dated());
    }

    #[test]
    fn a_full_list_still_ends_its_search() {
        let names: Vec<String> = (0..MOST).map(|n| format!("C{n}")).collect();
        let codes = list(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(codes.find(b"zz").is_none());
        assert_eq!(codes.entries().len(), MOST);
    }
}
