//! Requests that say no more than whom they are about.

use shared::{
    domain::UserId,
    http::{Decode, Fields},
};

/// The request: the user is in the path.
pub(crate) struct Named {
    pub user_id: UserId,
}

impl Decode for Named {
    fn decode(fields: &mut Fields) -> Option<Self> {
        Some(Self { user_id: fields.path("user_id")? })
    }
}
