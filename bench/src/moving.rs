//! Many users in and out of the file-backed engine, by the command that operators use.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};
use latchkey_local::{
    dynamodb::{self, Engine},
    template::Template,
};
use tokio::net::TcpListener;

use crate::{
    TEMPLATE,
    process::{Run, latchkey},
};

/// A hash as Auth0 and others make them; that all are the same makes no difference to who moves them.
const HASH: &str = "$2b$10$YEhPXjU93Oea6VaI1TsJi.Vs9WypLwfIp2LhjijVAdcOVpeYUPS2G";

/// Imports so many users, imports them again, exports them, and imports the export elsewhere.
pub async fn measure(users: u64) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("latchkey-bench-{}", std::process::id()));
    fs::create_dir(&folder)?;
    let result = measure_in(&folder, users).await;
    fs::remove_dir_all(&folder)?;
    result
}

async fn measure_in(folder: &Path, users: u64) -> Result<()> {
    let (file, out, again) = (folder.join("users.csv"), folder.join("out.jsonl"), folder.join("again.jsonl"));
    write_users(&file, users)?;
    let (first, second) = (engine(&folder.join("first")).await?, engine(&folder.join("second")).await?);

    let import = |file: PathBuf| {
        ["user".to_owned(), "import".to_owned(), text(&file), "--rate".to_owned(), "max".to_owned()]
    };
    let export = |file: &Path| {
        [
            "user".to_owned(),
            "export".to_owned(),
            "--output".to_owned(),
            text(file),
            "--rate".to_owned(),
            "max".to_owned(),
        ]
    };
    let imported = run(&first, &import(file.clone())).await?;
    ensure!(imported.answer["imported"] == users, "not all came: {}", imported.answer);
    tell("import", users, &imported, "write_units");
    let repeated = run(&first, &import(file)).await?;
    ensure!(repeated.answer["there_already"] == users, "not all were there: {}", repeated.answer);
    tell("import again", users, &repeated, "write_units");
    let exported = run(&first, &export(&out)).await?;
    ensure!(exported.answer["users"] == users, "not all left: {}", exported.answer);
    tell("export", users, &exported, "read_units");
    let returned = run(&second, &import(out.clone())).await?;
    tell("import of the export", users, &returned, "write_units");
    run(&second, &export(&again)).await?;
    ensure!(lines(&out)? == lines(&again)?, "the second export differs from the first");
    println!("the export of the imported export is the same, line by line");
    Ok(())
}

async fn engine(folder: &Path) -> Result<Engine> {
    fs::create_dir(folder)?;
    let template = Template::read(TEMPLATE).map_err(anyhow::Error::from_boxed)?;
    let db = dynamodb::open(folder).map_err(anyhow::Error::from_boxed)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Engine::start(db, &template, listener).map_err(anyhow::Error::from_boxed)
}

async fn run(engine: &Engine, arguments: &[String]) -> Result<Run> {
    latchkey(&engine.url, &arguments.iter().map(String::as_str).collect::<Vec<_>>()).await
}

fn write_users(path: &Path, users: u64) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "email,name,password_hash,created_at,last_login")?;
    for number in 0..users {
        let email = format!("person.{number}@example.com");
        writeln!(file, "{email},Person Number {number},{HASH},2024-05-06T07:08:09Z,2026-06-07T08:09:10Z")?;
    }
    Ok(file.flush()?)
}

fn lines(path: &Path) -> Result<HashSet<String>> {
    Ok(BufReader::new(File::open(path)?).lines().collect::<std::io::Result<_>>()?)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn tell(what: &str, users: u64, run: &Run, units: &str) {
    let seconds = run.took.as_secs_f64();
    let (each_second, each) =
        (users as f64 / seconds, run.answer[units].as_f64().unwrap_or_default() / users as f64);
    let peak = run.peak;
    println!(
        "{what:22} {users} users in {seconds:6.1} s: {each_second:6.0} a second, {peak:5.1} MiB at most, {each:.2} {} a user",
        units.replace('_', " ")
    );
}
