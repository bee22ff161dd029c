//! Puts every template of `mails/` into the program, under its name: `en/password_reset.txt`.

use std::{env, fs, io, path::Path};

#[path = "src/folder.rs"]
mod folder;

fn main() -> io::Result<()> {
    let mails = Path::new(env!("CARGO_MANIFEST_DIR")).join("mails");
    // The folder itself, so that a new language is seen, too.
    println!("cargo::rerun-if-changed={}", mails.display());
    let files = folder::templates(&mails)?.into_iter();
    let rows = files.map(|(name, path)| format!("({name:?}, include_str!({path:?})),\n"));
    let table = format!("&[\n{}]", rows.collect::<String>());
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo gives OUT_DIR"))?;
    fs::write(Path::new(&out).join("templates.rs"), table)
}
