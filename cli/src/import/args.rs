//! What can be asked of `latchkey user import`.

use std::path::{Path, PathBuf};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use shared::domain::Origin;

use crate::pace::Rate;

#[derive(Debug, Args)]
pub struct ImportFile {
    /// The users: CSV, JSON lines, or the JSON document of the source
    pub file: PathBuf,
    /// What made the file [default: told by its first user]
    #[arg(long, value_parser = origin())]
    pub format: Option<Origin>,
    /// Firebase: a file with the hash_config of its console
    #[arg(long, value_name = "FILE")]
    pub hash_config: Option<PathBuf>,
    /// Devise: a file with the pepper, if one is configured
    #[arg(long, value_name = "FILE")]
    pub pepper: Option<PathBuf>,
    /// What becomes of users whose e-mail was never proved to be theirs
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub unverified: Unverified,
    /// What becomes of users whose password hash can't be checked here
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub unsupported: Unsupported,
    /// Leave out columns that are not read, even those that may be passwords, or say who was blocked
    #[arg(long)]
    pub ignore_columns: bool,
    /// Write every refused row into a file, too: where it stands, and why it was refused
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Take so many write units a second at most; fewer while DynamoDB throttles [possible values: a number, max]
    #[arg(long, default_value = "500")]
    pub rate: Rate,
    /// Read and check all of it, and write nothing; needs no AWS, and so can't see who is there already
    #[arg(long)]
    pub dry_run: bool,
}

impl ImportFile {
    /// All files that are read.
    pub fn sources(&self) -> impl Iterator<Item = &Path> {
        let beside = [&self.hash_config, &self.pepper].into_iter().flatten();
        [&self.file].into_iter().chain(beside).map(PathBuf::as_path)
    }
}

/// What becomes of users whose e-mail was never proved to be theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Unverified {
    /// They are refused
    #[default]
    Refuse,
    /// They come without their password: the first login has a reset mail sent, which proves the address
    Reset,
    /// They come as they are
    Accept,
}

/// What becomes of users whose password hash can't be checked here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Unsupported {
    /// They are refused
    #[default]
    Refuse,
    /// They come without their password: the first login has a reset mail sent
    Reset,
}

/// The origins, so that help and completions name them.
fn origin() -> impl TypedValueParser<Value = Origin> {
    PossibleValuesParser::new(Origin::ALL.map(Origin::as_str)).try_map(|word| word.parse::<Origin>())
}
