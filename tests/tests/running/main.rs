//! The hub as it is run: backup and restore, several processes on one database, and the files that start and watch it.

mod drill;
mod failover;
mod files;
mod logs;
mod topology;
