//! The headers with which CloudFront serves the pages (`AWS::CloudFront::ResponseHeadersPolicy`), as HTTP says them.

use serde_json::Value;

use super::Template;
use crate::{Error, template::intrinsics::text};

impl Template {
    /// Names and values.
    ///
    /// # Errors
    /// When there is no such policy, or it sends a header that isn't known here.
    pub fn page_headers(&self) -> Result<Vec<(String, String)>, Error> {
        let (_, policy) = self
            .of_type("AWS::CloudFront::ResponseHeadersPolicy")
            .next()
            .ok_or("the template has no headers for pages")?;
        let config = self.resolve(&policy["Properties"]["ResponseHeadersPolicyConfig"])?;
        let security = config["SecurityHeadersConfig"].as_object().into_iter().flatten();
        let custom = config["CustomHeadersConfig"]["Items"].as_array().into_iter().flatten();
        let mut headers =
            security.map(|(kind, values)| header(kind, values)).collect::<Result<Vec<_>, _>>()?;
        headers.extend(custom.map(|item| (text(&item["Header"]), text(&item["Value"]))));
        Ok(headers)
    }
}

fn header(kind: &str, values: &Value) -> Result<(String, String), Error> {
    let (name, value) = match kind {
        "ContentSecurityPolicy" => ("content-security-policy", text(&values["ContentSecurityPolicy"])),
        "ContentTypeOptions" => ("x-content-type-options", "nosniff".to_owned()),
        "FrameOptions" => ("x-frame-options", text(&values["FrameOption"])),
        "ReferrerPolicy" => ("referrer-policy", text(&values["ReferrerPolicy"])),
        "StrictTransportSecurity" => {
            let subdomains = if values["IncludeSubdomains"] == true { "; includeSubDomains" } else { "" };
            let seconds = text(&values["AccessControlMaxAgeSec"]);
            ("strict-transport-security", format!("max-age={seconds}{subdomains}"))
        }
        _ => return Err(format!("the header {kind} is not known on one machine").into()),
    };
    Ok((name.to_owned(), value))
}
