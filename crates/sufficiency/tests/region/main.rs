//! Small regions, counted by hand; made-up ones, held to what must always be so.

#[cfg(test)]
mod board;
#[cfg(test)]
mod borough;
#[cfg(test)]
mod confidence;
#[cfg(test)]
mod definitions;
#[cfg(test)]
mod drawn;
#[cfg(test)]
mod few;
#[cfg(test)]
mod layout;
#[cfg(test)]
mod made;
#[cfg(test)]
mod matching;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod relations;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod timeliness;
