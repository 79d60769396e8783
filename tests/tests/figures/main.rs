//! Pages of published figures, in this process and on both databases: who may see which, that they say what the API says of
//! the same release and no more, and that they are made as pages must be.

mod every;
mod same;
mod stage;
