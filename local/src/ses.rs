//! SES on one machine: the query protocol of its first version (what `aws-sdk-ses` speaks), with the inbox behind
//! it and a switch for faults.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{Response, StatusCode, header},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::inbox::{Inbox, Mail};

/// Longer than DynamoDB is waited for, and no reason to give up on a mail.
const SLOW: Duration = Duration::from_millis(1500);
/// Longer than any client waits.
const NEVER: Duration = Duration::from_secs(120);
const NAMESPACE: &str = "http://ses.amazonaws.com/doc/2010-12-01/";

/// How the next calls fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Refused: the sending rate is exceeded. Clients try again.
    Throttle,
    /// Refused for good: the message is rejected.
    Reject,
    /// Neither accepted nor answered.
    Timeout,
    /// Accepted, but never answered.
    LostAnswer,
    /// Accepted, and answered after a while.
    Slow,
}

/// A fault and for how many calls it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults {
    /// What goes wrong.
    pub kind: Fault,
    /// For how many calls; 0 ends it.
    pub times: u32,
}

/// The endpoint.
#[derive(Debug, Default)]
pub struct Ses {
    /// Where accepted mails land.
    pub inbox: Inbox,
    faults: Mutex<Option<Faults>>,
}

impl Ses {
    /// Lets the next calls fail.
    pub fn set_faults(&self, faults: Faults) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = Some(faults);
    }

    /// Answers one call of the query protocol.
    pub async fn answer(&self, body: &Bytes) -> Response<Body> {
        let parameters: BTreeMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        match self.next_fault() {
            Some(Fault::Throttle) => return error("Sender", "Throttling", "Maximum sending rate exceeded."),
            Some(Fault::Reject) => return error("Sender", "MessageRejected", "The fault switch is on."),
            Some(Fault::Timeout) => return never().await,
            Some(Fault::LostAnswer) => {
                _ = self.send(&parameters);
                return never().await;
            }
            Some(Fault::Slow) => tokio::time::sleep(SLOW).await,
            None => {}
        }
        match parameters.get("Action").map(String::as_str) {
            Some("SendEmail") => self.send(&parameters).unwrap_or_else(|answer| *answer),
            other => {
                let action = other.unwrap_or("(none)");
                let message = format!("The action {action} is not known here; SendEmail is.");
                error("Sender", "InvalidAction", &message)
            }
        }
    }

    fn send(&self, parameters: &BTreeMap<String, String>) -> Result<Response<Body>, Box<Response<Body>>> {
        let mail = parse(parameters)
            .map_err(|missing| Box::new(error("Sender", "InvalidParameterValue", &missing)))?;
        let id = mail.id.clone();
        self.inbox.receive(mail);
        Ok(xml(
            StatusCode::OK,
            format!(
                "<SendEmailResponse xmlns=\"{NAMESPACE}\"><SendEmailResult><MessageId>{id}</MessageId>\
                 </SendEmailResult><ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>\
                 </SendEmailResponse>",
                Uuid::new_v4()
            ),
        ))
    }

    fn next_fault(&self) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let active = faults.as_mut().filter(|faults| faults.times > 0)?;
        active.times -= 1;
        Some(active.kind)
    }
}

/// The mail that a SendEmail call describes, or what it lacks.
fn parse(parameters: &BTreeMap<String, String>) -> Result<Mail, String> {
    let value = |name: &str| parameters.get(name).cloned();
    let required = |name: &str| value(name).filter(|it| !it.is_empty()).ok_or(format!("Missing {name}"));
    let lists = ["Destination.ToAddresses.", "Destination.CcAddresses.", "Destination.BccAddresses."];
    let recipients = lists.map(|prefix| parameters.iter().filter(move |(name, _)| name.starts_with(prefix)));
    let to: Vec<String> = recipients.into_iter().flatten().map(|(_, address)| address.clone()).collect();
    if to.is_empty() {
        return Err("Missing Destination".to_owned());
    }
    let from = required("Source")?;
    let subject = required("Message.Subject.Data")?;
    if let Some(odd) = to.iter().chain([&from, &subject]).find(|header| header.contains(['\r', '\n'])) {
        return Err(format!("A header has a line break: {odd:?}"));
    }
    let (text, html) = (value("Message.Body.Text.Data"), value("Message.Body.Html.Data"));
    if text.is_none() && html.is_none() {
        return Err("Missing Message.Body".to_owned());
    }
    Ok(Mail {
        id: format!("{:016x}-{}-000000", rand::random::<u64>(), Uuid::new_v4()),
        to,
        from,
        subject,
        text: text.unwrap_or_default(),
        html: html.unwrap_or_default(),
        received_at: String::new(),
    })
}

fn error(who: &str, code: &str, message: &str) -> Response<Body> {
    let message = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let body = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{who}</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
        Uuid::new_v4()
    );
    xml(StatusCode::BAD_REQUEST, body)
}

fn xml(status: StatusCode, body: String) -> Response<Body> {
    let response = Response::builder().status(status).header(header::CONTENT_TYPE, "text/xml");
    response.body(Body::from(body)).unwrap_or_default()
}

async fn never() -> Response<Body> {
    tokio::time::sleep(NEVER).await;
    error("Receiver", "ServiceUnavailable", "This answer was meant to come too late.")
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    const MAIL: &str = "Action=SendEmail&Source=no-reply%40x.example&Destination.ToAddresses.member.1=ada%40x.example\
                        &Message.Subject.Data=Hi+there&Message.Body.Text.Data=a%3Cb&Message.Body.Html.Data=%3Cp%3E";

    async fn call(ses: &Ses, body: &str) -> (u16, String) {
        let response = ses.answer(&Bytes::copy_from_slice(body.as_bytes())).await;
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 10_000).await.expect("a body");
        (status, String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn a_mail_lands_in_the_inbox() {
        let ses = Ses::default();
        let (status, body) = call(&ses, MAIL).await;
        let [mail] = ses.inbox.all().try_into().expect("one mail");
        assert_eq!(status, 200);
        assert!(body.contains(&format!("<MessageId>{}</MessageId>", mail.id)), "{body}");
        assert_eq!((mail.to, mail.from.as_str()), (vec!["ada@x.example".to_owned()], "no-reply@x.example"));
        assert_eq!((mail.subject, mail.text, mail.html), ("Hi there".into(), "a<b".into(), "<p>".into()));
    }

    #[tokio::test]
    async fn what_is_no_mail_is_refused() {
        let cases = [
            (String::new(), "InvalidAction"),
            ("Action=Delete%3CAll%3E".to_owned(), "Delete&lt;All&gt;"),
            (MAIL.replace("Source=", "Sauce="), "Missing Source"),
            (MAIL.replace("ToAddresses", "Nobody"), "Missing Destination"),
            (MAIL.replace("Subject", "S"), "Missing Message.Subject.Data"),
            (MAIL.replace("Body", "B"), "Missing Message.Body"),
            (MAIL.replace("Hi+there", "Hi%0ABcc:+eve"), "line break"),
        ];
        for (body, expected) in cases {
            let ses = Ses::default();
            let (status, answer) = call(&ses, &body).await;
            assert_eq!(status, 400, "{body}");
            assert!(answer.contains(expected), "{body}: {answer}");
            assert!(ses.inbox.all().is_empty());
        }
    }

    #[tokio::test]
    async fn faults_hold_for_so_many_calls() {
        let ses = Ses::default();
        ses.set_faults(Faults { kind: Fault::Throttle, times: 2 });
        let statuses = [call(&ses, MAIL).await.0, call(&ses, MAIL).await.0, call(&ses, MAIL).await.0];
        assert_eq!(statuses, [400, 400, 200]);
        ses.set_faults(Faults { kind: Fault::Reject, times: 1 });
        assert!(call(&ses, MAIL).await.1.contains("<Code>MessageRejected</Code>"));
        assert_eq!(ses.inbox.all().len(), 1);
    }
}
