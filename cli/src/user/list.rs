//! `latchkey user list`: all users, or some of them. A team's are sorted; of very many each is printed as it is read.

use serde::Serialize;
use shared::domain::{Status, User};

use crate::{
    args::UserQuery,
    desk::Desk,
    failure::Failure,
    output::{Array, Output, printable, remark},
};

/// Users in one read: about 30 KB.
const PAGE: i32 = 100;

/// So many are held to be sorted by e-mail.
const MOST_SORTED: usize = 1000;

/// A user, as the API lists them.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    user: &'a User,
    /// Whether a password was ever chosen.
    has_password: bool,
}

/// Prints the users that are asked for: as lines, or as one JSON array with a user on each line.
pub async fn list(desk: &Desk, query: &UserQuery, output: &mut Output) -> Result<(), Failure> {
    let mut page = desk.store.users.page(None, PAGE).await?;
    if !output.json {
        output.line(header())?;
    }
    let (mut array, mut found, mut is_sorted) = (Array::default(), Vec::new(), true);
    loop {
        let (users, next) = page;
        found.extend(users.into_iter().filter(|user| query.takes(user)));
        if found.len() > MOST_SORTED || !is_sorted {
            is_sorted = false;
            print(&std::mem::take(&mut found), &mut array, output)?;
        }
        if next.is_none() {
            break;
        }
        page = desk.store.users.page(next, PAGE).await?;
    }
    found.sort_by(|one, other| one.email.cmp(&other.email));
    print(&found, &mut array, output)?;
    if output.json {
        array.end(output)?;
    }
    if !is_sorted {
        remark(format_args!("More than {MOST_SORTED} users: in no order."));
    }
    Ok(())
}

fn print(users: &[User], array: &mut Array, output: &mut Output) -> Result<(), Failure> {
    users.iter().try_for_each(|user| {
        if output.json {
            array.add(&Listed { user, has_password: user.has_password() }, output)
        } else {
            output.line(row(user))
        }
    })
}

impl UserQuery {
    fn takes(&self, user: &User) -> bool {
        self.role.is_none_or(|role| role == user.role)
            && self.status.is_none_or(|status| status == user.status)
            && (!self.without_password || !user.has_password())
    }
}

fn header() -> String {
    columns(["ID", "ROLE", "STATUS", "PASSWORD", "CREATED", "LAST LOGIN", "EMAIL", "NAME"])
}

fn row(user: &User) -> String {
    columns([
        &user.id.to_string(),
        user.role.as_str(),
        // The few are to be seen among the many.
        if user.status == Status::Inactive { "INACTIVE" } else { "active" },
        if user.has_password() { "set" } else { "none yet" },
        &user.created_at.to_string(),
        &user.last_login.map_or("never".to_owned(), |time| time.to_string()),
        user.email.as_str(),
        &user.name.as_deref().map(printable).unwrap_or_default(),
    ])
}

/// Widths that are known before the rows are: only a long e-mail pushes the name behind it.
fn columns([id, role, status, password, created, last_login, email, name]: [&str; 8]) -> String {
    let line = format!(
        "{id:36}  {role:6}  {status:8}  {password:8}  {created:20}  {last_login:20}  {email:32}  {name}"
    );
    line.trim_end().to_owned()
}
