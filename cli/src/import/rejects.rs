//! Rows that were refused: told at once, and written to a file if one was named.

use std::{
    fs::{File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::Path,
};

use serde::Serialize;

use super::records::Whereabouts;
use crate::output::{printable, remark};

/// A row that became no account, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Where it stands in the file.
    #[serde(flatten)]
    pub at: Whereabouts,
    /// The e-mail that stands there.
    pub email: Option<String>,
    /// In words for the operator.
    pub reason: String,
}

/// Where refused rows are told.
pub struct Rejects(Option<File>);

impl Rejects {
    /// A file whose first `kept` bytes an earlier run wrote; what it wrote behind them is written again.
    pub fn open(path: Option<&Path>, kept: u64) -> io::Result<Self> {
        let Some(path) = path else { return Ok(Self(None)) };
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        private(&mut options);
        let mut file = options.open(path)?;
        file.set_len(kept)?;
        file.seek(SeekFrom::Start(kept))?;
        Ok(Self(Some(file)))
    }

    /// Tells of one.
    pub fn tell(&mut self, refused: &Refused) -> io::Result<()> {
        let email = refused.email.as_deref().map(|email| format!(" ({})", printable(email)));
        remark(format_args!("{}{}: {}", refused.at, email.unwrap_or_default(), printable(&refused.reason)));
        match &mut self.0 {
            Some(file) => writeln!(file, "{}", serde_json::to_string(refused)?),
            None => Ok(()),
        }
    }

    /// Makes sure that all of it is on the disk; how long it is.
    pub fn sync(&mut self) -> io::Result<u64> {
        match &mut self.0 {
            Some(file) => {
                file.sync_data()?;
                file.stream_position()
            }
            None => Ok(0),
        }
    }
}

/// For its owner alone: there are e-mails in it, or hashes.
pub fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}
