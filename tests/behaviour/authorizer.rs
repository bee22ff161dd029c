//! The authorizer, asked by every kind of gateway.

use std::time::Duration;

use authorizer::Raised;
use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_tests::{
    call::Call,
    gateways::Form,
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, text},
};
use serde_json::{Value, json};
use shared::domain::{Role, Status, User};

const NOTHING: Value = Value::Null;

async fn world_with_user() -> (World, User, String) {
    let world = World::new().await;
    let user = world.create_user("ada@example.com").await;
    let login = world.login("ada@example.com", PASSWORD).await;
    let header = format!("Bearer {}", login.text("access_token"));
    (world, user, header)
}

/// 401 where a gateway can be brought to say it.
fn not_authenticated(form: Form) -> (u16, Value) {
    (if matches!(form, Form::Token | Form::Request) { 401 } else { 403 }, NOTHING)
}

// AZ1 AT7
#[tokio::test(flavor = "multi_thread")]
async fn each_gateway_gets_the_answer_that_it_takes_with_three_words_about_the_caller() {
    let (world, user, header) = world_with_user().await;
    let session = text(&world.only("Sessions").await, "session_id");
    let context = json!({ "user_id": user.id, "role": "member", "session_id": session });
    let stage = "arn:aws:execute-api:eu-west-1:123456789012:abcdef123/prod/*";
    let statement = json!({ "Action": "execute-api:Invoke", "Effect": "Allow", "Resource": stage });
    let policy = json!({
        "principalId": user.id, "context": context,
        "policyDocument": { "Version": "2012-10-17", "Statement": [statement] },
    });
    let simple = json!({ "isAuthorized": true, "context": context });
    for (form, expected) in Form::ALL.into_iter().zip([&policy, &policy, &policy, &simple]) {
        assert_eq!(world.authorize(form.event(&header)).await.as_ref(), Ok(expected), "{form:?}");
    }
}

// AZ1
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_nothing_but_no() {
    let (world, user, header) = world_with_user().await;
    world.set_status(user.id, Status::Inactive).await;
    let stage = "arn:aws:execute-api:eu-west-1:123456789012:abcdef123/prod/*";
    let statement = json!({ "Action": "execute-api:Invoke", "Effect": "Deny", "Resource": stage });
    let policy = json!({
        "principalId": "refused", "policyDocument": { "Version": "2012-10-17", "Statement": [statement] },
    });
    let simple = json!({ "isAuthorized": false });
    for (form, expected) in Form::ALL.into_iter().zip([&policy, &policy, &policy, &simple]) {
        assert_eq!(world.authorize(form.event(&header)).await.as_ref(), Ok(expected), "{form:?}");
    }
    for form in [Form::Token, Form::Request] {
        assert_eq!(world.authorize(form.event("Bearer x")).await, Err(Raised::Unauthorized), "{form:?}");
    }
}

// AT8
#[tokio::test(flavor = "multi_thread")]
async fn a_route_is_told_the_role_as_it_is_now_and_not_as_the_token_remembers() {
    let (world, user, header) = world_with_user().await;
    let role = AttributeValue::S("lead".to_owned());
    world.set("Users", &[("user_id", &user.id.to_string())], "role", role).await;
    for form in Form::ALL {
        let (status, told) = world.protected(form, &header).await;
        assert_eq!((status, &told["role"]), (200, &json!("lead")), "{form:?}");
    }
}

// AT8 RT10
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_disabled_logged_out_everywhere_or_gone_does_not_pass_from_then_on() {
    let (world, user, header) = world_with_user().await;
    let key = user.id.to_string();
    let key = [("user_id", key.as_str())];
    let set = async |attribute, value| world.set("Users", &key, attribute, value).await;
    let status = |word: &str| AttributeValue::S(word.to_owned());
    let generation = |number: &str| AttributeValue::N(number.to_owned());
    for form in Form::ALL {
        set("status", status("inactive")).await;
        assert_eq!(world.protected(form, &header).await, (403, NOTHING), "disabled {form:?}");
        set("status", status("active")).await;
        set("generation", generation("1")).await;
        assert_eq!(world.protected(form, &header).await, not_authenticated(form), "logged out {form:?}");
        set("generation", generation("0")).await;
        assert_eq!(world.protected(form, &header).await.0, 200, "back again {form:?}");
    }
    let id = AttributeValue::S(user.id.to_string());
    world.dynamo.delete_item().table_name("latchkey-Users").key("user_id", id).send().await.expect("deletes");
    for form in Form::ALL {
        assert_eq!(world.protected(form, &header).await, not_authenticated(form), "gone {form:?}");
    }
}

// RT9 RT11
#[tokio::test(flavor = "multi_thread")]
async fn a_logout_everywhere_and_a_new_password_close_every_route_at_once() {
    let (world, _, of_first) = world_with_user().await;
    let login = world.login("ada@example.com", PASSWORD).await;
    let body = json!({ "refresh_token": login.text("refresh_token"), "everywhere": true });
    assert_eq!(world.send(Call::post("/auth/logout", body)).await.status, 204);
    let again = world.login("ada@example.com", PASSWORD).await;
    let of_again = format!("Bearer {}", again.text("access_token"));
    let changed = world.change_password(again.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    let of_changed = format!("Bearer {}", changed.text("access_token"));
    for form in Form::ALL {
        for dead in [&of_first, &format!("Bearer {}", login.text("access_token")), &of_again] {
            assert_eq!(world.protected(form, dead).await, not_authenticated(form), "{form:?}");
        }
        assert_eq!(world.protected(form, &of_changed).await.0, 200, "{form:?}");
    }
}

// AZ4
#[tokio::test(flavor = "multi_thread")]
async fn only_users_of_the_roles_that_are_named_pass_by_their_role_as_it_is_now() {
    let world = World::new().await;
    for (n, (role, roles, status)) in [
        (Role::Member, &[][..], 200),
        (Role::Member, &[Role::Member], 200),
        (Role::Member, &[Role::Lead, Role::Admin], 403),
        (Role::Lead, &[Role::Lead, Role::Admin], 200),
        (Role::Lead, &[Role::Admin], 403),
        (Role::Admin, &[Role::Admin], 200),
        (Role::Admin, &[Role::Member], 403),
    ]
    .into_iter()
    .enumerate()
    {
        let (_, token) = world.with_token(&format!("user-{n}@example.com"), role).await;
        for form in Form::ALL {
            let told = world.authorize_for(roles, form.event(&format!("Bearer {token}"))).await;
            assert_eq!(form.outcome(&told).0, status, "{role} of {roles:?} {form:?}");
        }
    }
}

// AT1 AT2 AT3 AT4 AT6
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_access_token_of_ours_opens_nothing_in_no_form() {
    let (world, _, header) = world_with_user().await;
    let (other, _, of_another_key) = world_with_user().await;
    let refresh = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    let (start, signature) = header.rsplit_once('.').expect("a signature");
    let none = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJub25lIiwia2lkIjoic2VjcmV0In0";
    let claims = header.split('.').nth(1).expect("claims");
    for bad in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer x".to_owned(),
        "Bearer a.b.c".to_owned(),
        header.replace("Bearer", "Basic"),
        header.replace("Bearer ", ""),
        format!("{header},{header}"),
        format!("{header}x"),
        format!("{start}."),
        format!("{start}.{}", signature.chars().rev().collect::<String>()),
        format!("Bearer {none}.{claims}."),
        format!("Bearer {refresh}"),
        format!("Bearer {}", "k".repeat(9000)),
        of_another_key.clone(),
    ] {
        for form in Form::ALL {
            assert_eq!(world.protected(form, &bad).await, not_authenticated(form), "{form:?} {bad}");
        }
    }
    assert_eq!(other.protected(Form::Http2, &of_another_key).await.0, 200, "it is good where it is from");
}

// AT7
#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_for_fifteen_minutes() {
    let (mut world, _, header) = world_with_user().await;
    world.pass(Duration::from_secs(15 * 60 - 1));
    assert_eq!(world.protected(Form::Http2, &header).await.0, 200);
    world.pass(Duration::from_secs(1));
    assert_eq!(world.protected(Form::Http2, &header).await, (403, NOTHING));
    assert_eq!(world.protected(Form::Token, &header).await, (401, NOTHING));
}

// AZ2 OP6
#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_found_out_lets_nobody_pass_and_is_no_refusal() {
    let mut world = World::with(&[("ACCESS_TOKEN_EXPIRE_MINUTES", "120")]).await;
    let user = world.create_user("ada@example.com").await;
    let header = format!("Bearer {}", world.token_of(&user).await);
    for kind in [FaultKind::Throttled, FaultKind::Broken, FaultKind::Denied] {
        for (action, table) in [("GetItem", "Users"), ("Query", "SigningKeys")] {
            // Keys are remembered for an hour at most.
            world.pass(Duration::from_secs(if table == "SigningKeys" { 3601 } else { 0 }));
            world.proxy.break_calls(Fault { action, table, kind, times: 1000 });
            for form in Form::ALL {
                let told = world.authorize(form.event(&header)).await;
                assert_eq!(told, Err(Raised::Failed), "{action} {kind:?} {form:?}");
                assert_eq!(form.outcome(&told), (500, NOTHING));
            }
            world.proxy.mend();
            if table == "SigningKeys" {
                world.now = world.now - Duration::from_secs(3601);
            }
        }
    }
    assert_eq!(world.protected(Form::Http2, &header).await.0, 200, "and afterwards as before");
}

// AZ2
#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_mangled_in_an_event_nobody_passes_who_would_not_pass_otherwise() {
    let (world, _, header) = world_with_user().await;
    let junk = [
        json!(null),
        json!(true),
        json!(7),
        json!(""),
        json!("*"),
        json!("x".repeat(100_000)),
        json!([]),
        json!([header, header]),
        json!({}),
        json!({ "Authorization": "Bearer x" }),
    ];
    for form in Form::ALL {
        let good = world.authorize(form.event(&header)).await;
        assert_eq!(form.outcome(&good).0, 200);
        let (good_event, bad_event) = (form.event(&header), form.event("Bearer x"));
        for pointer in pointers(&good_event) {
            for junk in &junk {
                let told = world.authorize(replaced(&bad_event, &pointer, junk)).await;
                assert_ne!(form.outcome(&told).0, 200, "{form:?} {pointer} {junk}");
                let told = world.authorize(replaced(&good_event, &pointer, junk)).await;
                assert!(told == good || form.outcome(&told).0 != 200, "{form:?} {pointer} {junk}");
            }
        }
    }
}

/// The places of everything in an event, itself included.
fn pointers(event: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match event {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(values) => values.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    let deeper = children.into_iter().flat_map(|(name, value)| {
        pointers(value).into_iter().map(move |pointer| format!("/{name}{pointer}"))
    });
    [String::new()].into_iter().chain(deeper).collect()
}

fn replaced(event: &Value, pointer: &str, junk: &Value) -> Value {
    let mut event = event.clone();
    *event.pointer_mut(pointer).expect("a place in it") = junk.clone();
    event
}
