//! Where the tables are: which account and region, or which local database, and what their names begin with.

use std::{net::IpAddr, time::Duration};

use aws_config::{
    ConfigLoader, Region, SdkConfig,
    environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider},
    meta::{credentials::CredentialsProviderChain, region::RegionProviderChain},
    profile::ProfileFileCredentialsProvider,
    provider_config::ProviderConfig,
    timeout::TimeoutConfig,
};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use clap::{Args, builder::NonEmptyStringValueParser};
use http::Uri;
use shared::{
    aws,
    config::{Config, SettingInForce},
    store::Store,
};

use crate::failure::Failure;

/// What the local cloud signs with too: some local databases keep one set of tables for each key and region.
const LOCAL_KEY: &str = "local";
const LOCAL_REGION: &str = "eu-west-1";

/// A person waits longer than a function may, and on a slower network.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// The options that say where the tables are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Where the tables are")]
pub struct Place {
    /// CloudFormation stack: its tables are NAME-Users and so on [default: by TABLE_PREFIX]
    #[arg(long, global = true, value_name = "NAME", value_parser = stack)]
    pub stack: Option<String>,
    /// Profile of your AWS configuration to take credentials from, before any others
    #[arg(long, global = true, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    profile: Option<String>,
    /// AWS region of the stack [default: AWS_REGION, else the profile's]
    #[arg(long, global = true, value_parser = NonEmptyStringValueParser::new())]
    region: Option<String>,
    /// A DynamoDB other than AWS's, such as http://127.0.0.1:8000
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "AWS_ENDPOINT_URL_DYNAMODB",
        hide_env_values = true,
        value_parser = endpoint
    )]
    endpoint_url: Option<String>,
}

impl Place {
    /// The settings in force, with the stack's tables. Errors: a setting is bad.
    pub fn settings(&self) -> Result<(Config, Vec<SettingInForce>), Failure> {
        let (mut config, mut listed) = Config::from_env_listed()
            .map_err(|error| Failure::Usage(format!("the environment has a wrong setting.\n{error}")))?;
        if let Some(stack) = &self.stack {
            config.table_prefix = format!("{stack}-");
            for setting in listed.iter_mut().filter(|setting| setting.name == "TABLE_PREFIX") {
                setting.value.clone_from(&config.table_prefix);
                setting.is_default = false;
            }
        }
        Ok((config, listed))
    }

    /// The tables. Errors: there is no such profile; no region is known.
    pub async fn open(&self, config: &Config) -> Result<Store, Failure> {
        if let Some(profile) = &self.profile {
            must_exist(profile).await?;
        }
        let aws = self.loader().load().await;
        if aws.region().is_none() {
            return Err(Failure::Aws("no AWS region is known".to_owned()));
        }
        let aws = match &self.profile {
            Some(profile) => with_credentials_of(profile, aws),
            None => aws,
        };
        Ok(Store::new(&aws, config))
    }

    /// What the operator said of it, for messages; empty when that was nothing.
    pub fn in_words(&self) -> String {
        let said = [
            self.endpoint_url().map(|url| format!("at {url}")),
            self.region.as_ref().map(|region| format!("in the region {region}")),
            self.profile.as_ref().map(|profile| format!("with the profile {profile}")),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// An empty variable is none: that is how shells write "not given".
    fn endpoint_url(&self) -> Option<&str> {
        self.endpoint_url.as_deref().filter(|url| !url.is_empty())
    }

    fn loader(&self) -> ConfigLoader {
        let patience = TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT_TIMEOUT).build();
        let mut loader = aws::loader().timeout_config(patience);
        if let Some(url) = self.endpoint_url() {
            loader = loader.endpoint_url(url);
        }
        match &self.profile {
            Some(profile) => loader = loader.profile_name(profile),
            None if self.endpoint_url().is_some_and(is_on_this_machine) => loader = made_up(loader),
            None => {}
        }
        match &self.region {
            Some(region) => loader.region(Region::new(region.clone())),
            None => loader,
        }
    }
}

/// The SDK would only say that it has no credentials. What it can't read it says itself, later.
async fn must_exist(profile: &str) -> Result<(), Failure> {
    let (files, environment, names) = Default::default();
    let Ok(profiles) = aws_config::profile::load(&files, &environment, &names, None).await else {
        return Ok(());
    };
    if profiles.get_profile(profile).is_some() {
        return Ok(());
    }
    let mut known: Vec<_> = profiles.profiles().collect();
    known.sort_unstable();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    Err(Failure::Usage(format!("your AWS configuration has no profile {profile}. Profiles in it: {known}.")))
}

/// The SDK would prefer credentials of the environment to those of a profile: who names a profile means that one, and
/// must not change another account's users.
fn with_credentials_of(profile: &str, aws: SdkConfig) -> SdkConfig {
    let mut tools = ProviderConfig::without_region().with_region(aws.region().cloned());
    if let Some(http_client) = aws.http_client() {
        tools = tools.with_http_client(http_client);
    }
    let provider = ProfileFileCredentialsProvider::builder().configure(&tools).profile_name(profile).build();
    aws.into_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

/// The environment's credentials and region, or made-up ones: a database on this machine checks neither.
fn made_up(loader: ConfigLoader) -> ConfigLoader {
    let credentials = Credentials::new(LOCAL_KEY, LOCAL_KEY, None, None, "made up for a local database");
    loader
        .credentials_provider(
            CredentialsProviderChain::first_try("environment", EnvironmentVariableCredentialsProvider::new())
                .or_else("made up", credentials),
        )
        .region(
            RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new()).or_else(LOCAL_REGION),
        )
}

fn is_on_this_machine(url: &str) -> bool {
    let uri = url.parse::<Uri>().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// As CloudFormation names stacks.
fn stack(text: &str) -> Result<String, &'static str> {
    let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() <= 128
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_name { Ok(text.to_owned()) } else { Err("must be a stack's name: letters, digits and hyphens") }
}

fn endpoint(text: &str) -> Result<String, &'static str> {
    let is_url = text.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if is_url || text.is_empty() {
        Ok(text.to_owned())
    } else {
        Err("must be a URL such as http://127.0.0.1:8000")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_given_made_up_credentials() {
        for (url, expected) in [
            ("http://127.0.0.1:8000", true),
            ("http://127.9.9.9", true),
            ("http://localhost:8000/", true),
            ("http://db.localhost:8000", true),
            ("http://[::1]:8000", true),
            ("http://127.0.0.1.example.com", false),
            ("http://127.0.0.1@example.com", false),
            ("http://localhost.example.com", false),
            ("http://10.0.0.7:8000", false),
            ("https://dynamodb.eu-west-1.amazonaws.com", false),
        ] {
            assert_eq!(is_on_this_machine(url), expected, "{url}");
        }
    }

    #[test]
    fn a_stack_and_an_endpoint_are_checked_before_anything_is_asked() {
        for (text, expected) in [("latchkey-prod", true), ("", false), ("9lives", false), ("a_b", false)] {
            assert_eq!(stack(text).is_ok(), expected, "{text}");
        }
        for (text, expected) in [
            ("http://127.0.0.1:8000", true),
            ("", true),
            ("127.0.0.1:8000", false),
            ("ftp://127.0.0.1", false),
            ("/tmp/database", false),
        ] {
            assert_eq!(endpoint(text).is_ok(), expected, "{text}");
        }
    }
}
