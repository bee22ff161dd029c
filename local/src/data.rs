//! The data folder: what outlives a restart.

use std::{
    fs::{DirBuilder, File, TryLockError},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use crate::Error;

/// Makes the folder unless it is there. What is kept are test accounts at best and the keys that sign their tokens, and
/// still nobody else's to read.
///
/// # Errors
/// When it can't be made.
pub fn make(folder: &Path) -> Result<(), Error> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    Ok(made.map_err(|error| format!("can't make the folder {}: {error}", folder.display()))?)
}

/// Claims the folder until the file is dropped: two of us would take each other's mails.
///
/// # Errors
/// When another one has it.
pub fn lock(folder: &Path) -> Result<File, Error> {
    let name = folder.join("lock");
    let file = File::create(&name).map_err(|error| format!("can't write {}: {error}", name.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(format!(
            "another `cargo dev` keeps its data in {}; give this one --memory, or its own --data DIR",
            folder.display()
        )
        .into()),
        Err(TryLockError::Error(error)) => Err(format!("can't lock {}: {error}", name.display()).into()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_folder_with_the_keys_is_for_its_owner_only() {
        let folder = std::env::temp_dir().join(format!("latchkey-{}", uuid::Uuid::new_v4()));
        make(&folder).expect("a folder");
        make(&folder).expect("the same folder");
        let mode = std::fs::metadata(&folder).expect("a folder").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
