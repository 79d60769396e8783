//! What many lines come to, in whatever order: so that two databases can be compared, and a deletion proved, without sorting.

use aws_lc_rs::digest::{SHA256, digest};

use crate::receive::hex;

/// Lines counted and summed, in whatever order they come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) rows: u64,
    /// The sum of the lines' SHA-256 modulo 2^256, least byte first.
    sum: [u8; 32],
}

impl Sum {
    /// Takes in a line.
    pub(crate) fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        let mut carry = 0_u16;
        for (byte, more) in self.sum.iter_mut().zip(digest(&SHA256, line).as_ref()) {
            carry += u16::from(*byte) + u16::from(*more);
            [*byte, _] = carry.to_le_bytes();
            carry >>= 8;
        }
    }

    /// The sum, hexadecimal.
    pub(crate) fn content(&self) -> String {
        hex(&self.sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_knows_its_lines_and_not_their_order() {
        let sum = |lines: &[&str]| {
            let mut sum = Sum::default();
            for line in lines {
                sum.add(line.as_bytes());
            }
            sum
        };
        assert_eq!(sum(&["a", "b", "c"]), sum(&["c", "a", "b"]));
        for other in [&["a", "b"][..], &["a", "b", "d"], &["a", "b", "c", "c"], &["a", "a", "b"]] {
            assert_ne!(sum(&["a", "b", "c"]), sum(other));
        }
    }
}
