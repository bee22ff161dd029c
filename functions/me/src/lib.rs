//! `GET /users/me`: who the caller is.

use shared::{
    app::App,
    error::Result,
    guard,
    http::{Caller, NoBody, Reply},
};

/// The rule: whoever passes the guard is told what we know about them.
pub async fn me(app: &App, _: NoBody, caller: Caller) -> Result<Reply> {
    let user = guard::authenticate(app, &caller).await?;
    Ok(Reply::ok(&user))
}
