//! Membership: how an owner joins the group and how membership ends.
