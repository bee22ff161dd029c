//! Our two cookies (promise RT6).

use std::time::Duration;

use zeroize::Zeroizing;

use crate::{config::SameSite, domain::Secret, token::Minted};

/// The refresh token's. `__Host-` makes browsers insist on Secure, on Path=/ and on no Domain: no other host can set
/// it.
pub const REFRESH_COOKIE: &str = "__Host-refresh_token";

/// The device token's: it outlives sessions.
pub const DEVICE_COOKIE: &str = "__Host-device_token";

/// What a reply does to a cookie.
pub(super) struct CookieChange {
    name: &'static str,
    value: Zeroizing<String>,
    max_age: Duration,
}

impl CookieChange {
    pub fn set(name: &'static str, token: Minted) -> Self {
        Self { name, value: token.text, max_age: token.lifetime }
    }

    pub fn delete(name: &'static str) -> Self {
        Self { name, value: Zeroizing::default(), max_age: Duration::ZERO }
    }

    /// The Set-Cookie header. Deleting uses the same attributes, or browsers would not find it.
    pub fn header(&self, same_site: SameSite) -> String {
        let same_site = match same_site {
            SameSite::Strict => "Strict",
            SameSite::Lax => "Lax",
            SameSite::None => "None; Partitioned",
        };
        let Self { name, value, max_age } = self;
        let max_age = max_age.as_secs();
        format!("{name}={}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite={same_site}", **value)
    }
}

/// A cookie's value among all cookies of a request. Two of one name are none: one may be somebody else's.
pub(super) fn find<'a>(name: &str, headers: impl Iterator<Item = &'a str>) -> Option<Secret> {
    let mut values = headers
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    let value = values.next().filter(|value| !value.is_empty())?;
    if values.next().is_some() { None } else { Some(value.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_cookie_is_found_among_others_and_only_if_it_is_alone() {
        for (headers, found) in [
            (vec!["__Host-refresh_token=abc"], Some("abc")),
            (vec!["theme=dark; __Host-refresh_token=abc; x=y"], Some("abc")),
            (vec!["theme=dark", "__Host-refresh_token=abc"], Some("abc")),
            (vec!["__Host-refresh_token=abc; __Host-refresh_token=def"], None),
            (vec!["__Host-refresh_token="], None),
            (vec!["__Host-refresh_tokens=abc"], None),
            (vec!["refresh_token=abc"], None),
            (vec![""], None),
            (vec![], None),
        ] {
            let value = find(REFRESH_COOKIE, headers.iter().copied());
            assert_eq!(value.as_ref().map(Secret::expose), found, "{headers:?}");
        }
    }

    // RT6
    #[test]
    fn a_cookie_is_set_and_deleted_with_the_same_attributes() {
        let token = Minted { text: Zeroizing::new("abc".to_owned()), lifetime: Duration::from_secs(60) };
        let set = CookieChange::set(REFRESH_COOKIE, token);
        let delete = CookieChange::delete(REFRESH_COOKIE);
        for (same_site, attribute) in
            [(SameSite::Strict, "Strict"), (SameSite::Lax, "Lax"), (SameSite::None, "None; Partitioned")]
        {
            let rest = format!("Secure; HttpOnly; SameSite={attribute}");
            assert_eq!(
                set.header(same_site),
                format!("__Host-refresh_token=abc; Path=/; Max-Age=60; {rest}")
            );
            assert_eq!(delete.header(same_site), format!("__Host-refresh_token=; Path=/; Max-Age=0; {rest}"));
        }
    }
}
