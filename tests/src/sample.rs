//! The sample of a route that is somebody's own, which `cargo dev` protects with the authorizer.

use reqwest::header::AUTHORIZATION;
use serde_json::Value;

use crate::stage::Stage;

impl Stage {
    /// What a client gets of the route with these Authorization headers: the status, and the body.
    pub async fn sample(&self, authorization: &[&str]) -> (u16, Value) {
        let url = format!("{}/sample/hello", self.api.trim_end_matches("/api/v1"));
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let request = client.get(url);
        let request =
            authorization.iter().fold(request, |request, value| request.header(AUTHORIZATION, *value));
        let answer = request.send().await.expect("the gateway answers");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }
}
