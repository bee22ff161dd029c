//! Where the words of mails come from: a folder for each language, and what all languages share beside it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

use minijinja::{Environment, UndefinedBehavior};

use crate::folder;

/// Every mail there is. Each language has NAME.txt, whose first line is the subject, and NAME.html.
pub const NAMES: [&str; 12] = [
    "registration",
    "already_registered",
    "invitation",
    "moved",
    "password_reset",
    "sent_reset",
    "password_set",
    "password_changed",
    "email_change",
    "email_changed",
    "new_device",
    "locked_out",
];

/// What each language has besides: parts of sentences that several mails need, and the frame of HTML.
const PARTS: [&str; 4] = ["greeting.txt", "lifetime.txt", "device.txt", "frame.html"];

const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// Templates by name, such as `en/password_reset.txt`; not looked into yet.
pub struct Templates(BTreeMap<Cow<'static, str>, Cow<'static, str>>);

/// Why no mail can be made, in words: which template and line, or what is missing.
pub struct InvalidMails(pub(crate) String);

impl Templates {
    /// Those of `mails/` when the program was built.
    pub fn embedded() -> Self {
        Self(EMBEDDED.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect())
    }

    /// Those of a folder like `mails/`, as they are now. Errors: it can't be read, or has no language.
    pub fn read(folder: &Path) -> Result<Self, InvalidMails> {
        let unreadable = |path: &Path, error| InvalidMails(format!("{}: {error}", path.display()));
        let files = folder::templates(folder).map_err(|error| unreadable(folder, error))?;
        let texts = files.into_iter().map(|(name, path)| {
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            Ok((name.into(), text.into()))
        });
        let templates = Self(texts.collect::<Result<_, InvalidMails>>()?);
        if templates.languages().is_empty() {
            return Err(InvalidMails(format!("{} has no folder with mails", folder.display())));
        }
        Ok(templates)
    }

    /// The names of the folders, complete or not.
    pub fn languages(&self) -> BTreeSet<&str> {
        self.0.keys().filter_map(|name| Some(name.split_once('/')?.0)).collect()
    }

    /// Parses the templates of one language, and the shared ones. Errors: there is no such language, it lacks a file,
    /// or one is malformed.
    pub(crate) fn parse(&self, language: &str) -> Result<Environment<'static>, InvalidMails> {
        self.check(language)?;
        let mut parsed = Environment::new();
        // A misspelt placeholder must fail, not vanish.
        parsed.set_undefined_behavior(UndefinedBehavior::Strict);
        parsed.set_path_join_callback(|name, parent| beside(parent, name).into());
        let own = |name: &str| name.split_once('/').is_none_or(|(folder, _)| folder == language);
        for (name, text) in self.0.iter().filter(|(name, _)| own(name)) {
            parsed.add_template_owned(name.clone(), text.clone()).map_err(InvalidMails::from)?;
        }
        Ok(parsed)
    }

    /// Another text for a template, or one more.
    #[cfg(test)]
    pub(crate) fn put(&mut self, name: &'static str, text: &'static str) {
        self.0.insert(name.into(), text.into());
    }

    fn check(&self, language: &str) -> Result<(), InvalidMails> {
        let languages = self.languages();
        let there_are = languages.iter().copied().collect::<Vec<_>>().join(", ");
        if !languages.contains(language) {
            return Err(InvalidMails(format!(
                "there are no mails in {language:?}; MAIL_LANGUAGE must be one of {there_are}"
            )));
        }
        let mails = NAMES.iter().flat_map(|name| [format!("{name}.txt"), format!("{name}.html")]);
        let mut missing = mails.chain(PARTS.map(str::to_owned)).collect::<Vec<_>>();
        missing.retain(|file| !self.0.contains_key(format!("{language}/{file}").as_str()));
        if missing.is_empty() {
            return Ok(());
        }
        let missing = missing.join(", ");
        Err(InvalidMails(format!("the mails in {language:?} lack {missing}; languages are {there_are}")))
    }
}

/// The name of a template that another one extends or includes: as a link from file to file.
fn beside(parent: &str, name: &str) -> String {
    let mut folders: Vec<_> = parent.split('/').collect();
    folders.pop();
    for step in name.split('/') {
        match step {
            ".." => _ = folders.pop(),
            _ => folders.push(step),
        }
    }
    folders.join("/")
}

impl From<minijinja::Error> for InvalidMails {
    fn from(error: minijinja::Error) -> Self {
        Self(error.to_string())
    }
}

/// A mailer that does not start shows this form: the same words.
impl fmt::Debug for InvalidMails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for InvalidMails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidMails {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_that_is_embedded_is_complete_and_well_formed() {
        let templates = Templates::embedded();
        assert!(templates.languages().contains("en"), "it is the default");
        for language in templates.languages() {
            templates.parse(language).expect(language);
        }
    }

    #[test]
    fn the_folder_read_now_is_the_folder_that_was_embedded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("mails");
        assert_eq!(Templates::read(&folder).expect("readable").0, Templates::embedded().0);
    }

    #[test]
    fn an_unknown_or_incomplete_language_is_told_with_those_there_are() {
        let mut templates = Templates::embedded();
        templates.0.retain(|name, _| ["de", "en"].iter().any(|language| name.starts_with(language)));
        let told = |templates: &Templates, language| templates.parse(language).expect_err("bad").to_string();
        assert_eq!(
            told(&templates, "fr"),
            "there are no mails in \"fr\"; MAIL_LANGUAGE must be one of de, en"
        );
        templates.0.remove("de/locked_out.html");
        templates.0.remove("de/greeting.txt");
        assert_eq!(
            told(&templates, "de"),
            "the mails in \"de\" lack locked_out.html, greeting.txt; languages are de, en"
        );
        assert!(templates.parse("en").is_ok(), "another language's gaps are no reason not to start");
    }

    #[test]
    fn a_malformed_template_is_told_with_its_line() {
        let mut templates = Templates::embedded();
        templates.put("en/locked_out.txt", "Locked\n\n{{ product");
        let error = templates.parse("en").expect_err("malformed").to_string();
        assert!(error.contains("en/locked_out.txt:3"), "{error}");
    }
}
