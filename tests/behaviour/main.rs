//! What each function promises, shown on a real engine with the real SDK clients. Each test names the promises that
//! it shows by their ids (docs/promises.md).

mod admin_acts;
mod admin_audit;
mod admin_races;
mod admin_roles;
mod admin_users;
mod browser;
mod budgets;
mod events;
mod faults;
mod forgot;
mod http_edge;
mod limits;
mod lockout;
mod login;
mod logout;
mod mailer;
mod me;
mod policies;
mod races;
mod refresh;
mod reset;
