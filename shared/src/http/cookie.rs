//! The refresh cookie (promise RT6).

use std::time::Duration;

use zeroize::Zeroizing;

use crate::{config::SameSite, domain::Secret};

/// Its name. `__Host-` makes browsers insist on Secure, on Path=/ and on no Domain: no other host can set it.
pub const REFRESH_COOKIE: &str = "__Host-refresh_token";

/// What a reply does to the cookie.
pub(super) enum CookieChange {
    Keep,
    Set { token: Zeroizing<String>, max_age: Duration },
    Delete,
}

/// The cookie's value among all cookies of a request. Two of them are none: one may be somebody else's.
pub(super) fn find<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Secret> {
    let mut values = headers
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(REFRESH_COOKIE)?.strip_prefix('='));
    let value = values.next().filter(|value| !value.is_empty())?;
    if values.next().is_some() { None } else { Some(value.into()) }
}

/// The Set-Cookie header. Deleting uses the same attributes, or browsers would not find it.
pub(super) fn header(change: &CookieChange, same_site: SameSite) -> Option<String> {
    let (value, max_age) = match change {
        CookieChange::Keep => return None,
        CookieChange::Set { token, max_age } => (token.as_str(), max_age.as_secs()),
        CookieChange::Delete => ("", 0),
    };
    let same_site = match same_site {
        SameSite::Strict => "Strict",
        SameSite::Lax => "Lax",
        SameSite::None => "None; Partitioned",
    };
    Some(format!(
        "{REFRESH_COOKIE}={value}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite={same_site}"
    ))
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
            let value = find(headers.iter().copied());
            assert_eq!(value.as_ref().map(Secret::expose), found, "{headers:?}");
        }
    }

    // RT6
    #[test]
    fn the_cookie_is_set_and_deleted_with_the_same_attributes() {
        let set =
            CookieChange::Set { token: Zeroizing::new("abc".to_owned()), max_age: Duration::from_secs(60) };
        for (same_site, attribute) in
            [(SameSite::Strict, "Strict"), (SameSite::Lax, "Lax"), (SameSite::None, "None; Partitioned")]
        {
            let rest = format!("Secure; HttpOnly; SameSite={attribute}");
            assert_eq!(
                header(&set, same_site),
                Some(format!("__Host-refresh_token=abc; Path=/; Max-Age=60; {rest}"))
            );
            assert_eq!(
                header(&CookieChange::Delete, same_site),
                Some(format!("__Host-refresh_token=; Path=/; Max-Age=0; {rest}"))
            );
        }
        assert_eq!(header(&CookieChange::Keep, SameSite::Strict), None);
    }
}
