//! What a person logs in with, as far as a browser tells.

use std::fmt;

/// Browser and system by name, for the person who is told about a login. Only names of our own tables: whatever a
/// client claims, nothing of its text gets into a mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Such as Firefox.
    pub browser: Option<&'static str>,
    /// Such as Linux.
    pub system: Option<&'static str>,
}

/// The first that fits is meant: nearly all claim to be Safari, and most of the others to be Chrome.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("Trident/", "Internet Explorer"),
    ("curl/", "curl"),
    ("Wget/", "Wget"),
    ("HTTPie/", "HTTPie"),
    ("PostmanRuntime/", "Postman"),
    ("python-requests/", "Python"),
    ("okhttp/", "an Android app"),
];

/// Here too: iPhones say "like Mac OS X", Android and ChromeOS are Linux or X11.
const SYSTEMS: &[(&str, &str)] = &[
    ("Windows", "Windows"),
    ("iPhone", "iOS"),
    ("iPod", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

impl Device {
    /// What a `User-Agent` header tells; an unknown device without one.
    pub fn of(user_agent: Option<&str>) -> Self {
        let named = |names: &[(&str, &'static str)]| {
            let text = user_agent?;
            names.iter().find(|(token, _)| text.contains(token)).map(|(_, name)| *name)
        };
        Self { browser: named(BROWSERS), system: named(SYSTEMS) }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.browser, self.system) {
            (Some(browser), Some(system)) => write!(f, "{browser} on {system}"),
            (Some(name), None) | (None, Some(name)) => f.write_str(name),
            (None, None) => f.write_str("an unknown device"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEBKIT: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";

    #[test]
    fn well_known_user_agents_are_told_apart() {
        let chrome = |system: &str, rest: &str| format!("Mozilla/5.0 ({system}) {WEBKIT} {rest}");
        let (windows, linux) = ("Windows NT 10.0; Win64; x64", "X11; Linux x86_64");
        let apple = |system: &str, rest: &str| {
            format!("Mozilla/5.0 ({system}) AppleWebKit/605.1.15 (KHTML, like Gecko) {rest}")
        };
        let (mac, iphone) = ("Macintosh; Intel Mac OS X 10_15_7", "iPhone; CPU iPhone OS 18_5 like Mac OS X");
        for (user_agent, device) in [
            (chrome(windows, "Chrome/140.0.0.0 Safari/537.36"), "Chrome on Windows"),
            (chrome(windows, "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"), "Edge on Windows"),
            (chrome(linux, "Chrome/140.0.0.0 Safari/537.36 OPR/122.0.0.0"), "Opera on Linux"),
            (chrome("X11; CrOS x86_64 14541.0.0", "Chrome/140.0.0.0 Safari/537.36"), "Chrome on ChromeOS"),
            (chrome("Linux; Android 10; K", "Chrome/140.0.0.0 Mobile Safari/537.36"), "Chrome on Android"),
            (
                chrome("Linux; Android 10; K", "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"),
                "Samsung Internet on Android",
            ),
            (
                chrome("Linux; Android 10; K", "Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/140.0.0.0"),
                "Edge on Android",
            ),
            (apple(mac, "Version/18.5 Safari/605.1.15"), "Safari on macOS"),
            (apple(iphone, "Version/18.5 Mobile/15E148 Safari/604.1"), "Safari on iOS"),
            (apple(iphone, "CriOS/140.0.7339.101 Mobile/15E148 Safari/604.1"), "Chrome on iOS"),
            (apple(iphone, "FxiOS/143.0 Mobile/15E148 Safari/605.1.15"), "Firefox on iOS"),
            (
                apple("iPad; CPU OS 16_6 like Mac OS X", "Version/16.6 Mobile/15E148 Safari/604.1"),
                "Safari on iPadOS",
            ),
            (format!("Mozilla/5.0 ({linux}; rv:143.0) Gecko/20100101 Firefox/143.0"), "Firefox on Linux"),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0".to_owned(),
                "Firefox on Android",
            ),
            (
                format!("Mozilla/5.0 ({windows}; Trident/7.0; rv:11.0) like Gecko"),
                "Internet Explorer on Windows",
            ),
            ("curl/8.14.1".to_owned(), "curl"),
            ("Something/1.0 (Linux)".to_owned(), "Linux"),
            ("<b>Firefox</b>".to_owned(), "an unknown device"),
        ] {
            assert_eq!(Device::of(Some(&user_agent)).to_string(), device, "{user_agent}");
        }
        assert_eq!(Device::of(None).to_string(), "an unknown device");
    }
}
