//! Which files of a folder are templates, and their names. Compiled into the build script, too.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

/// Every `.txt` and `.html` in the folder and in the languages' folders in it. A name is the path from the folder on,
/// such as `en/password_reset.txt`.
pub fn templates(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        let files = if path.is_dir() { entries(&path)? } else { vec![path] };
        found.extend(files.into_iter().filter(|file| is_template(file)).filter_map(|file| {
            let name = file.strip_prefix(folder).ok()?.to_str()?.replace('\\', "/");
            Some((name, file))
        }));
    }
    Ok(found)
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

/// Hidden files are an editor's.
fn is_template(file: &Path) -> bool {
    let name = file.file_name().and_then(OsStr::to_str).unwrap_or(".");
    !name.starts_with('.') && (name.ends_with(".txt") || name.ends_with(".html"))
}
