//! Puts every template of `mails/` into the program, under its name: `en/password_reset.txt`.

use std::{env, fs, io, path::Path};

#[path = "src/folder.rs"]
mod folder;

fn main() -> io::Result<()> {
    let given = |name| env::var_os(name).ok_or_else(|| io::Error::other(format!("cargo gives {name}")));
    // Where the package is now, which need not be where this was compiled.
    let mails = Path::new(&given("CARGO_MANIFEST_DIR")?).join("mails");
    // The folder itself, so that a new language is seen, too.
    println!("cargo::rerun-if-changed={}", mails.display());
    let files = folder::templates(&mails)?.into_iter();
    let rows = files.map(|(name, path)| format!("({name:?}, include_str!({path:?})),\n"));
    let table = format!("&[\n{}]", rows.collect::<String>());
    fs::write(Path::new(&given("OUT_DIR")?).join("templates.rs"), table)
}
