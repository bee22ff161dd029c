//! There is always an admin.

use serde_json::json;

use crate::bench::{PASSWORD, done, done_json, engine, refused, run, text};

#[tokio::test]
async fn the_last_admin_is_neither_demoted_nor_disabled_nor_deleted() {
    let engine = engine().await;
    done(&engine, "user create ada@example.com --role admin --password-stdin", PASSWORD).await;
    done(&engine, "user create bob@example.com --role admin --password-stdin", PASSWORD).await;
    done(&engine, "user disable bob@example.com", "").await;
    done(&engine, "user create eve@example.com --role admin --invite", "").await;
    for (arguments, word) in [
        ("user set-role ada@example.com lead", "demoted"),
        ("user disable ada@example.com", "disabled"),
        ("user delete ada@example.com --yes", "deleted"),
    ] {
        let error = refused(&engine, arguments, "", 1).await;
        assert!(error.contains(&format!("the last admin can't be {word}")), "{error}");
        assert!(error.contains("Make another one first"), "{error}");
    }
    assert_eq!(done_json(&engine, "user show ada@example.com").await["status"], "active");

    done(&engine, "user rename ada@example.com Ada", "").await;
    done(&engine, "user delete bob@example.com --yes", "").await;
    done(&engine, "user create carol@example.com --role admin --password-stdin", PASSWORD).await;
    done(&engine, "user set-role ada@example.com member", "").await;
}

#[tokio::test]
async fn two_admins_who_remove_each_other_at_once_leave_one() {
    let removals = ["set-role EMAIL member", "disable EMAIL", "delete EMAIL --yes"];
    for round in 0..9 {
        let engine = engine().await;
        for email in ["ada@example.com", "bob@example.com"] {
            done(&engine, &format!("user create {email} --role admin --password-stdin"), PASSWORD).await;
        }
        let removal = |which: usize, email| format!("user {}", removals[which % 3].replace("EMAIL", email));
        let (of_ada, of_bob) = (removal(round, "ada@example.com"), removal(round / 3, "bob@example.com"));
        let both = tokio::join!(run(&engine, &of_ada, ""), run(&engine, &of_bob, ""));

        let codes = [both.0.status.code(), both.1.status.code()];
        assert!(codes == [Some(0), Some(1)] || codes == [Some(1), Some(0)], "{of_ada}, {of_bob}: {both:?}");
        let errors = [text(&both.0.stderr), text(&both.1.stderr)].concat();
        assert!(errors.contains("the last admin can't be"), "{errors}");
        let users = done_json(&engine, "user list").await;
        let is_admin = |user: &&serde_json::Value| user["role"] == "admin" && user["status"] == "active";
        assert_eq!(users.as_array().map(|users| users.iter().filter(is_admin).count()), Some(1), "{users}");
        let removed = done_json(&engine, "audit --event change_user --event delete_user").await;
        assert_eq!(json!(removed.as_array().map(Vec::len)), 1, "{removed}");
    }
}
