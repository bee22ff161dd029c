//! `latchkey user list`: all users, printed while they are read.

use shared::domain::User;

use crate::{
    desk::Desk,
    failure::Failure,
    output::{Array, Output, printable},
};

/// Users in one read: about 30 KB.
const PAGE: i32 = 100;

/// Prints all users, page by page: as lines, or as one JSON array with a user on each line.
pub async fn list(desk: &Desk, output: &mut Output) -> Result<(), Failure> {
    let mut page = desk.store.users.page(None, PAGE).await?;
    if !output.json {
        output.line(header())?;
    }
    let mut array = Array::default();
    loop {
        let (users, next) = page;
        for user in &users {
            if output.json { array.add(user, output)? } else { output.line(row(user))? }
        }
        if next.is_none() {
            break;
        }
        page = desk.store.users.page(next, PAGE).await?;
    }
    if output.json { array.end(output) } else { Ok(()) }
}

fn header() -> String {
    columns(["ID", "ROLE", "STATUS", "CREATED", "LAST LOGIN", "EMAIL", "NAME"])
}

fn row(user: &User) -> String {
    columns([
        &user.id.to_string(),
        user.role.as_str(),
        user.status.as_str(),
        &user.created_at.to_string(),
        &user.last_login.map_or("never".to_owned(), |time| time.to_string()),
        user.email.as_str(),
        &user.name.as_deref().map(printable).unwrap_or_default(),
    ])
}

/// Widths that are known before the rows are: only a long e-mail pushes the name behind it.
fn columns([id, role, status, created, last_login, email, name]: [&str; 7]) -> String {
    let line = format!("{id:36}  {role:6}  {status:8}  {created:20}  {last_login:20}  {email:32}  {name}");
    line.trim_end().to_owned()
}
