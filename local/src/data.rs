//! The data folder: what outlives a restart.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError, read_to_string},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use crate::Error;

/// Makes the folder unless it is there. What is kept is a test account's at best, and still nobody else's to read.
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

/// The key that signs tokens: kept with the data, so that sessions outlive a restart as users do.
///
/// # Errors
/// When a new one can't be written.
pub fn secret_key(folder: &Path) -> Result<String, Error> {
    let file = folder.join("secret-key");
    if let Ok(kept) = read_to_string(&file) {
        return Ok(kept.trim().to_owned());
    }
    let key = fresh_secret_key();
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(&file);
    let written = opened.and_then(|mut file| file.write_all(key.as_bytes()));
    written.map_err(|error| format!("can't write {}: {error}", file.display()))?;
    Ok(key)
}

/// 32 random bytes, in hexadecimal.
pub fn fresh_secret_key() -> String {
    rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_stays_the_same_and_is_for_its_owner_only() {
        let folder = std::env::temp_dir().join(format!("latchkey-{}", uuid::Uuid::new_v4()));
        make(&folder).expect("a folder");
        let keys = [secret_key(&folder).expect("a key"), secret_key(&folder).expect("the same key")];
        assert_eq!((keys[0].len(), &keys[0]), (64, &keys[1]));
        let mode = std::fs::metadata(folder.join("secret-key")).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
