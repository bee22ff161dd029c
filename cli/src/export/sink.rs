//! Where an export goes: standard output, or a new file that is there only when it is whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use super::{
    args::{ExportTo, Form},
    departure::Departure,
};
use crate::{failure::Failure, import::rejects::private};

/// Where users are written.
pub struct Sink {
    writer: Writer,
    file: Option<Unfinished>,
}

enum Writer {
    Lines(Box<dyn Write>),
    Table(Box<csv::Writer<Box<dyn Write>>>),
}

/// A file under a name of its own until it is whole. Dropped before, it is gone.
struct Unfinished {
    file: File,
    name: PathBuf,
    part: PathBuf,
    is_whole: bool,
}

impl Sink {
    /// Errors: there is such a file already, or it can't be made.
    pub fn open(to: &ExportTo) -> Result<Self, Failure> {
        let file = to.output.as_ref().map(|name| Unfinished::new(name.clone())).transpose()?;
        let target: Box<dyn Write> = match &file {
            Some(unfinished) => Box::new(BufWriter::new(unfinished.file.try_clone()?)),
            None => Box::new(BufWriter::new(io::stdout())),
        };
        let writer = match to.format {
            Form::Jsonl => Writer::Lines(target),
            Form::Csv => Writer::Table(Box::new(csv::Writer::from_writer(target))),
        };
        Ok(Self { writer, file })
    }

    /// Writes one user.
    pub fn write(&mut self, departure: Departure<'_>) -> Result<(), Failure> {
        match &mut self.writer {
            Writer::Lines(target) => {
                serde_json::to_writer(&mut *target, &departure)?;
                target.write_all(b"\n")?;
            }
            Writer::Table(table) => table.serialize(departure.in_cells()).map_err(csv_failure)?,
        }
        Ok(())
    }

    /// All is written. Whether it is in a file.
    pub fn finish(self) -> Result<bool, Failure> {
        match self.writer {
            Writer::Lines(mut target) => target.flush()?,
            Writer::Table(mut table) => table.flush()?,
        }
        let Some(mut unfinished) = self.file else { return Ok(false) };
        unfinished.file.sync_all()?;
        must_be_free(&unfinished.name)?;
        fs::rename(&unfinished.part, &unfinished.name)?;
        unfinished.is_whole = true;
        Ok(true)
    }
}

/// What went wrong beneath it, so that a closed pipe is known for one.
fn csv_failure(error: csv::Error) -> io::Error {
    let kind = match error.kind() {
        csv::ErrorKind::Io(cause) => cause.kind(),
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

impl Unfinished {
    fn new(name: PathBuf) -> Result<Self, Failure> {
        must_be_free(&name)?;
        let mut part = name.clone().into_os_string();
        part.push(".part");
        let part = PathBuf::from(part);
        let mut options = OpenOptions::new();
        // Never one that is there: it may be another export's, or readable for others, or lead elsewhere.
        options.write(true).create_new(true);
        private(&mut options);
        match options.open(&part) {
            Ok(file) => Ok(Self { file, name, part, is_whole: false }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Failure::Refused(format!(
                "{} is there already: another export is under way, or one was killed. If none is, delete it; nothing \
                 was exported.",
                part.display()
            ))),
            Err(error) => Err(error.into()),
        }
    }
}

fn must_be_free(name: &Path) -> Result<(), Failure> {
    match name.symlink_metadata() {
        Ok(_) => Err(Failure::Refused(format!("{} is there already; nothing was exported.", name.display()))),
        Err(_) => Ok(()),
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.is_whole {
            _ = fs::remove_file(&self.part);
        }
    }
}
