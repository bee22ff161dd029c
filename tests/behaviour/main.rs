//! What each function promises, shown on a real engine with the real SDK clients. Each test names the promises that
//! it shows by their ids (docs/promises.md).

mod audit;
mod audit_pages;
mod audit_whole;
mod browser;
mod budgets;
mod budgets_of_accounts;
mod change_email;
mod change_email_races;
mod change_password;
mod change_password_faults;
mod change_password_races;
mod confirm_email;
mod devices;
mod events;
mod faults;
mod forgot;
mod http_edge;
mod late_changes;
mod limits;
mod lockout;
mod login;
mod logout;
mod mailer;
mod me;
mod notices;
mod policies;
mod races;
mod refresh;
mod register;
mod reset;
mod session_cap;
mod sessions;
mod verify_email;
