//! How we talk to AWS: one HTTPS client for all SDK clients, that trusts Amazon's roots alone, with bounded waiting.

use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use aws_smithy_http_client::{
    Builder, Connector,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};

/// The roots that every AWS endpoint chains to. Reading the system's store would cost 3 ms of each cold start
/// (docs/decisions/0003).
const AMAZON_ROOTS: &[u8] = include_bytes!("../certificates/amazon-roots.pem");

/// One try, from connecting to the last byte.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(900);
/// All tries of one call. Many calls in a row are bounded by the deadline of the request (http/call.rs).
const CALL_TIMEOUT: Duration = Duration::from_secs(2);
const ATTEMPTS: u32 = 3;

/// Region, credentials and endpoints as AWS's tools read them (environment, profile, `AWS_ENDPOINT_URL_*`).
pub async fn load_config() -> SdkConfig {
    loader().load().await
}

/// Our client and our patience, for callers that choose region, credentials or endpoint themselves.
pub fn loader() -> aws_config::ConfigLoader {
    let http_client = Builder::new().tls_provider(TLS).tls_context(roots()).build_https();
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client)
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(ATTEMPTS)
                .with_initial_backoff(Duration::from_millis(50)),
        )
        .timeout_config(
            TimeoutConfig::builder()
                .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                .operation_timeout(CALL_TIMEOUT)
                .build(),
        )
}

/// A client for a call to AWS that no SDK of ours makes; it trusts the same roots.
pub(crate) fn connector() -> Connector {
    Connector::builder().tls_provider(TLS).tls_context(roots()).build()
}

const TLS: Provider = Provider::Rustls(CryptoMode::AwsLc);

fn roots() -> TlsContext {
    let roots = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    TlsContext::builder().with_trust_store(roots).build().expect("the embedded roots are a valid store")
}

/// Why a call failed, for the log: the service's code and request id, or the chain of causes in their own sentences.
/// Their Debug forms would repeat requests and items, and SES's messages repeat addresses.
pub(crate) fn cause<E>(error: &SdkError<E>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    if let Some(code) = error.code() {
        return format!("{code} (AWS request id {})", error.meta().request_id().unwrap_or("none"));
    }
    let first: Option<&dyn std::error::Error> = Some(error);
    let chain = std::iter::successors(first, |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
