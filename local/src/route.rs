//! Routes of an HTTP API: which calls go to which function.

use std::collections::BTreeMap;

/// A method (or ANY) and a path, whose `{name}` stands for one segment and `{name+}` for all that follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    method: String,
    path: String,
}

impl Route {
    /// A route as the template writes it.
    pub fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_uppercase(), path: path.to_owned() }
    }

    /// The name that API Gateway gives it: `ANY /api/v1/auth/login`.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The path as the template writes it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path's parameters, when a call is for this route.
    pub fn matches(&self, method: &str, path: &str) -> Option<BTreeMap<String, String>> {
        if self.method != "ANY" && self.method != method {
            return None;
        }
        let mut parameters = BTreeMap::new();
        let mut given = path.split('/');
        let mut wanted = self.path.split('/');
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return Some(parameters),
                (Some(pattern), Some(segment)) => {
                    let name = pattern.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
                    match name {
                        None if pattern == segment => {}
                        None => return None,
                        Some(name) => match name.strip_suffix('+') {
                            Some(name) => {
                                let rest = [segment].into_iter().chain(given).collect::<Vec<_>>().join("/");
                                parameters.insert(name.to_owned(), rest);
                                return Some(parameters);
                            }
                            None if segment.is_empty() => return None,
                            None => _ = parameters.insert(name.to_owned(), segment.to_owned()),
                        },
                    }
                }
                _ => return None,
            }
        }
    }

    /// How exact it is: API Gateway prefers a full match to a parameter, and a method to ANY.
    pub fn precision(&self) -> (usize, usize, bool) {
        let fixed = self.path.split('/').filter(|segment| !segment.starts_with('{')).count();
        let greedy = usize::from(!self.path.contains("+}"));
        (fixed, greedy, self.method != "ANY")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_finds_its_route() {
        let cases = [
            ("ANY", "/a/b", "POST", "/a/b", Some(vec![])),
            ("ANY", "/a/b", "POST", "/a/b/", None),
            ("ANY", "/a/b", "POST", "/a", None),
            ("GET", "/a", "POST", "/a", None),
            ("GET", "/a/{id}", "GET", "/a/7", Some(vec![("id", "7")])),
            ("GET", "/a/{id}", "GET", "/a/", None),
            ("GET", "/a/{id}/c", "GET", "/a/7/d", None),
            ("GET", "/a/{rest+}", "GET", "/a/7/d", Some(vec![("rest", "7/d")])),
        ];
        for (route_method, pattern, method, path, expected) in cases {
            let expected = expected.map(|pairs| {
                pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
            });
            let found = Route::new(route_method, pattern).matches(method, path);
            assert_eq!(found, expected, "{pattern} {path}");
        }
        assert!(Route::new("ANY", "/a/b").precision() > Route::new("GET", "/a/{id}").precision());
        assert!(Route::new("GET", "/a/{id}").precision() > Route::new("GET", "/a/{id+}").precision());
    }
}
