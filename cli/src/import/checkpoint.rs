//! How far an import came, in a file beside the imported one, so that the same command goes on there. Going on from too
//! early a place does no harm: what is there already is left alone.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use serde::{Deserialize, Serialize};

use super::{args::ImportFile, records::Position, rejects::private, tally::Tally};
use crate::output::remark;

/// How far it came.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Progress {
    /// Which file, read how: with another one, the place means nothing.
    identity: String,
    /// The next row.
    offset: u64,
    line: u64,
    /// A user who came before it: where he is not, other tables are meant now.
    pub last_user: Option<String>,
    /// How long the file of refused rows was.
    pub rejects: u64,
    /// What was counted.
    pub tally: Tally,
}

/// The file in which it stands.
pub struct Checkpoint {
    /// None where nothing can be written beside the file.
    path: Option<PathBuf>,
    identity: String,
}

impl Checkpoint {
    /// For an import as it was asked for.
    pub fn of(asked: &ImportFile) -> io::Result<Self> {
        let ImportFile { file, format, unverified, unsupported, rejects, hash_config, pepper, .. } = asked;
        let keys: Vec<String> = [hash_config, pepper]
            .into_iter()
            .map(|key| key.as_ref().map_or_else(|| Ok("none".to_owned()), |key| as_it_is(key)))
            .collect::<io::Result<_>>()?;
        let identity = format!(
            "2 {} {format:?} {unverified:?} {unsupported:?} {rejects:?} {}",
            as_it_is(file)?,
            keys.join(" ")
        );
        let mut name = asked.file.clone().into_os_string();
        name.push(".latchkey-progress");
        let path = PathBuf::from(name);
        let path = match create(&new(&path)).and_then(|_| fs::remove_file(new(&path))) {
            Ok(()) => Some(path),
            Err(error) => {
                remark(format_args!(
                    "Nothing can be written beside the file ({error}): an import that is interrupted looks at all rows again."
                ));
                None
            }
        };
        Ok(Self { path, identity })
    }

    /// What an earlier run left, if it was the same.
    pub fn read(&self) -> Option<Progress> {
        let progress: Progress = serde_json::from_slice(&fs::read(self.path.as_ref()?).ok()?).ok()?;
        (progress.identity == self.identity).then_some(progress)
    }

    /// Replaces it as a whole: whenever the power fails, one or the other is there.
    pub fn write(
        &self,
        Position { offset, line }: Position,
        last_user: Option<String>,
        rejects: u64,
        tally: &Tally,
    ) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let (identity, tally) = (self.identity.clone(), tally.clone());
        let progress = Progress { identity, offset, line, last_user, rejects, tally };
        let mut file = create(&new(path))?;
        file.write_all(&serde_json::to_vec(&progress)?)?;
        file.sync_data()?;
        fs::rename(new(path), path)?;
        sync_folder(path)
    }

    /// All is done.
    pub fn remove(&self) -> io::Result<()> {
        match self.path.as_ref().map(fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// A file by its size and the time of its last change; its name may be another the next time.
fn as_it_is(file: &Path) -> io::Result<String> {
    let about = fs::metadata(file)?;
    let modified = about.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    Ok(format!("{} {modified}", about.len()))
}

/// What is to take its place.
fn new(path: &Path) -> PathBuf {
    path.with_extension("latchkey-progress-new")
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    private(&mut options);
    options.open(path)
}

/// So that the new name is on the disk, too.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

impl Progress {
    /// Where the next row begins.
    pub fn position(&self) -> Position {
        Position { offset: self.offset, line: self.line }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        asked: ImportFile,
    }

    fn checkpoint(arguments: &[&str]) -> Checkpoint {
        let command = Command::try_parse_from([&["import"], arguments].concat()).expect("arguments");
        Checkpoint::of(&command.asked).expect("a file")
    }

    // MV4
    #[test]
    fn with_another_key_to_the_hashes_no_row_is_passed_over() {
        let folder = std::env::temp_dir().join(format!("latchkey-checkpoint-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let file = |name: &str, contents: &str| {
            fs::write(folder.join(name), contents).expect("written");
            folder.join(name).to_str().expect("UTF-8").to_owned()
        };
        let (users, key) = (file("users.json", "{}"), file("key", "pepper"));
        let plain = checkpoint(&[&users]);
        let mark = |checkpoint: &Checkpoint| {
            checkpoint.write(Position::default(), None, 0, &Tally::default()).expect("written");
        };
        mark(&plain);
        assert!(checkpoint(&[&users]).read().is_some());
        for option in ["--pepper", "--hash-config"] {
            assert!(checkpoint(&[&users, option, &key]).read().is_none(), "{option}");
        }
        mark(&checkpoint(&[&users, "--pepper", &key]));
        assert!(checkpoint(&[&users, "--pepper", &key]).read().is_some());
        file("key", "another pepper");
        assert!(checkpoint(&[&users, "--pepper", &key]).read().is_none(), "it was mended");
        fs::remove_dir_all(folder).expect("it is ours");
    }
}
