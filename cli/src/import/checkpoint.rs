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
    /// Which files, read how, into which tables: with others, the place means nothing.
    identity: String,
    /// The next row.
    offset: u64,
    line: u64,
    /// A user who came before it: where there is none of the kind, other tables are meant now.
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
    /// For an import as it was asked for, into tables of this prefix.
    pub fn of(asked: &ImportFile, tables: &str) -> io::Result<Self> {
        let sources = asked.sources().map(state_of).collect::<io::Result<Vec<_>>>()?.join(" ");
        let ImportFile { format, unverified, unsupported, ignore_columns, rejects, .. } = asked;
        let identity = format!(
            "3 {tables} {sources} {format:?} {unverified:?} {unsupported:?} {ignore_columns} {rejects:?}"
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

/// What differs once a file does.
fn state_of(path: &Path) -> io::Result<String> {
    let about = fs::metadata(path)?;
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
    use super::*;
    use crate::{
        import::args::{Unsupported, Unverified},
        pace::Rate,
    };

    // MV4
    #[test]
    fn a_mark_is_for_the_same_files_the_same_rules_and_the_same_tables() {
        let folder = std::env::temp_dir().join(format!("latchkey-checkpoint-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let (file, pepper) = (folder.join("users.csv"), folder.join("pepper.txt"));
        fs::write(&file, "email\na@b.c\n").expect("written");
        fs::write(&pepper, "wrong").expect("written");
        let asked = |unverified, pepper: Option<&PathBuf>| ImportFile {
            file: file.clone(),
            format: None,
            hash_config: None,
            pepper: pepper.cloned(),
            unverified,
            unsupported: Unsupported::Refuse,
            ignore_columns: false,
            rejects: None,
            rate: Rate::Max,
            dry_run: false,
        };
        let (refuse, accept) = (Unverified::Refuse, Unverified::Accept);
        let of = |asked: ImportFile, tables| Checkpoint::of(&asked, tables).expect("a checkpoint");
        let marked = of(asked(refuse, Some(&pepper)), "prod-");
        marked.write(Position { offset: 6, line: 2 }, None, 0, &Tally::default()).expect("marked");

        assert!(of(asked(refuse, Some(&pepper)), "prod-").read().is_some());
        assert!(of(asked(refuse, Some(&pepper)), "test-").read().is_none(), "other tables");
        assert!(of(asked(accept, Some(&pepper)), "prod-").read().is_none(), "another rule");
        assert!(of(asked(refuse, None), "prod-").read().is_none(), "no pepper");
        fs::write(&pepper, "the right one").expect("written");
        assert!(of(asked(refuse, Some(&pepper)), "prod-").read().is_none(), "another pepper");
        fs::remove_dir_all(folder).expect("it is ours");
    }
}
