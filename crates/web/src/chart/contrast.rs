//! What is written in a shade can be read: 4.5 to 1 or more (WCAG 2.2, 1.4.3), in light, in dark and in print.

use std::collections::BTreeMap;

const STYLE: &str = include_str!("chart.css");

/// The colours of each `:root` block, in the order of the stylesheet.
fn palettes() -> Vec<BTreeMap<String, f64>> {
    let blocks = STYLE.split(":root {").skip(1).filter_map(|rest| rest.split_once('}'));
    blocks.map(|(block, _)| block.split(';').filter_map(luminance).collect()).collect()
}

/// A variable and the relative luminance of its colour.
fn luminance(declared: &str) -> Option<(String, f64)> {
    let (name, value) = declared.split_once(':')?;
    let hex = value.trim().strip_prefix('#')?;
    let part = |at: usize| {
        let level = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
    };
    Some((name.trim().to_owned(), 0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)))
}

fn contrast(a: f64, b: f64) -> f64 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_shade_can_be_read() {
    let palettes = palettes();
    assert_eq!(palettes.len(), 3, "light, dark, print");
    for colours in &palettes {
        for shade in 0..=5 {
            let ratio = contrast(colours[&format!("--shade-{shade}")], colours[&format!("--on-{shade}")]);
            assert!(ratio >= 4.5, "shade {shade}: {ratio:.2}");
        }
        assert!(contrast(colours["--hidden"], colours["--on-hidden"]) >= 4.5);
    }
}

#[test]
fn marks_stand_out_from_the_paper() {
    // The paper of the layout: white, nearly black, white (1.4.11 asks for 3 to 1).
    for (colours, paper) in palettes().iter().zip([1.0, 0.0061, 1.0]) {
        for mark in ["--mark", "--rule"] {
            assert!(contrast(colours[mark], paper) >= 3.0, "{mark}");
        }
    }
}

#[test]
fn a_pale_ink_would_be_found() {
    let (_, white) = luminance("--a: #ffffff").unwrap();
    let (_, grey) = luminance("--b: #999999").unwrap();
    assert!(contrast(white, grey) < 4.5);
}
