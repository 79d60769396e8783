//! Pictures made on the server: SVG without script, each with a title, a description and its figures in print, and each beside
//! the table that says the same. What is hidden in the table is hatched in the picture. Colours are classes of the stylesheet
//! (light, dark and print), never attributes of the picture; no shade says anything that is not also written.

mod bars;
mod lines;
mod matrix;
mod shade;
mod short;
mod tiles;

pub(crate) use bars::Bars;
pub(crate) use lines::{Lines, Point};
pub(crate) use matrix::Matrix;
pub(crate) use shade::{Scale, Step};
pub(crate) use short::letters;
pub(crate) use tiles::TileMap;

#[cfg(test)]
mod contrast;
