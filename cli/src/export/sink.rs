//! Where an export goes: standard output, or a new file that is there only when it is whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::PathBuf,
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
            Writer::Table(table) => table.serialize(departure.in_cells()).map_err(io::Error::from)?,
        }
        Ok(())
    }

    /// All is written. Whether it is in a file.
    pub fn finish(self) -> Result<bool, Failure> {
        match self.writer {
            Writer::Lines(mut target) => target.flush()?,
            Writer::Table(mut table) => table.flush()?,
        }
        let Some(unfinished) = self.file else { return Ok(false) };
        unfinished.file.sync_all()?;
        fs::rename(&unfinished.part, &unfinished.name)?;
        Ok(true)
    }
}

impl Unfinished {
    fn new(name: PathBuf) -> Result<Self, Failure> {
        if name.exists() {
            let name = name.display();
            return Err(Failure::Refused(format!("{name} is there already; nothing was exported.")));
        }
        let mut part = name.clone().into_os_string();
        part.push(".part");
        let part = PathBuf::from(part);
        // What lies there may be of a run that was killed; or a link, or a file that others can read.
        match fs::remove_file(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        private(&mut options);
        let file = options.open(&part)?;
        Ok(Self { file, name, part })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        _ = fs::remove_file(&self.part);
    }
}
