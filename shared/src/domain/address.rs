//! The network address that a request came from, as API Gateway saw it.

use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

/// A client's address. Never taken from a header that a client can write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAddress(Option<IpAddr>);

impl ClientAddress {
    /// No request: an operator's command.
    pub const NONE: Self = Self(None);

    /// The address in its usual form, if there is one.
    pub fn known(&self) -> Option<String> {
        self.0.map(|address| address.to_string())
    }

    /// What limits count by: an IPv4 address whole, an IPv6 address by its /64, since one subscriber owns that
    /// many; every unreadable address together.
    pub fn limit_key(&self) -> String {
        match self.0.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            None => "unknown".to_owned(),
        }
    }
}

impl FromStr for ClientAddress {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.parse().ok()))
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address) => address.fmt(f),
            None => f.write_str("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // LG8
    #[test]
    fn an_ipv6_address_is_limited_by_its_64_bit_prefix() {
        for (address, key) in [
            ("203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("not an address", "unknown"),
        ] {
            let address: ClientAddress = address.parse().unwrap_or_else(|never| match never {});
            assert_eq!(address.limit_key(), key);
        }
    }
}
