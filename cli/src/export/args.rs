//! What can be asked of `latchkey user export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::pace::Rate;

#[derive(Debug, Args)]
pub struct ExportTo {
    /// Write a new file that you alone can read [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How users are written
    #[arg(long, value_enum, default_value_t)]
    pub format: Form,
    /// Leave the password hashes out: users who are imported from it choose a new password
    #[arg(long)]
    pub without_hashes: bool,
    /// Take so many read units a second at most [possible values: a number, max]
    #[arg(long, default_value = "500")]
    pub rate: Rate,
}

/// How users are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// A JSON object on each line
    #[default]
    Jsonl,
    /// A table with a heading
    Csv,
}
