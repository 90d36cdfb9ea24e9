//! What the ledger says, in the reader's words: frozen words of the log in, keys of the
//! words out. A test holds that every kind ever written has its sentence.

use foundation::page::key;

/// What an event of this kind says.
pub fn sentence(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "accounts.behalf_begun" => key("event-accounts-behalf-begun"),
        "accounts.behalf_ended" => key("event-accounts-behalf-ended"),
        "accounts.created" => key("event-accounts-created"),
        "accounts.disabled" => key("event-accounts-disabled"),
        "accounts.enabled" => key("event-accounts-enabled"),
        "accounts.factor_removed" => key("event-accounts-factor-removed"),
        "accounts.link_made" => key("event-accounts-link-made"),
        "accounts.link_used" => key("event-accounts-link-used"),
        "accounts.passkey_added" => key("event-accounts-passkey-added"),
        "accounts.password_set" => key("event-accounts-password-set"),
        "accounts.recovery_made" => key("event-accounts-recovery-made"),
        "accounts.reset_asked" => key("event-accounts-reset-asked"),
        "accounts.reset_confirmed" => key("event-accounts-reset-confirmed"),
        "accounts.role_granted" => key("event-accounts-role-granted"),
        "accounts.role_revoked" => key("event-accounts-role-revoked"),
        "accounts.session_ended" => key("event-accounts-session-ended"),
        "accounts.side_switched" => key("event-accounts-side-switched"),
        "accounts.signed_in" => key("event-accounts-signed-in"),
        "accounts.stepped_up" => key("event-accounts-stepped-up"),
        "accounts.totp_enrolled" => key("event-accounts-totp-enrolled"),
        "community.created" => key("event-community-created"),
        "fees.adjusted" => key("event-fees-adjusted"),
        "fees.bill_added" => key("event-fees-bill-added"),
        "fees.bill_voided" => key("event-fees-bill-voided"),
        "fees.billed" => key("event-fees-billed"),
        "fees.credits_settled" => key("event-fees-credits-settled"),
        "fees.item_set" => key("event-fees-item-set"),
        "fees.payment_recorded" => key("event-fees-payment-recorded"),
        "fees.payment_voided" => key("event-fees-payment-voided"),
        "fees.plan_agreed" => key("event-fees-plan-agreed"),
        "fees.plan_ended" => key("event-fees-plan-ended"),
        "fees.rate_set" => key("event-fees-rate-set"),
        "fees.written_off" => key("event-fees-written-off"),
        "house.configured" => key("event-house-configured"),
        "import.committed" => key("event-import-committed"),
        "import.started" => key("event-import-started"),
        "import.undone" => key("event-import-undone"),
        "keys.rotated" => key("event-keys-rotated"),
        "ledger.alarm" => key("event-ledger-alarm"),
        "ledger.exported" => key("event-ledger-exported"),
        "ledger.verified" => key("event-ledger-verified"),
        "membership.answered" => key("event-membership-answered"),
        "membership.approved" => key("event-membership-approved"),
        "membership.asked" => key("event-membership-asked"),
        "membership.consent_given" => key("event-membership-consent-given"),
        "membership.consent_withdrawn" => key("event-membership-consent-withdrawn"),
        "membership.ended" => key("event-membership-ended"),
        "membership.invite_expired" => key("event-membership-invite-expired"),
        "membership.invited" => key("event-membership-invited"),
        "membership.joined" => key("event-membership-joined"),
        "membership.leaving" => key("event-membership-leaving"),
        "membership.opened" => key("event-membership-opened"),
        "membership.picture_seen" => key("event-membership-picture-seen"),
        "membership.pictures_erased" => key("event-membership-pictures-erased"),
        "membership.policy_set" => key("event-membership-policy-set"),
        "membership.rejected" => key("event-membership-rejected"),
        "membership.reminded" => key("event-membership-reminded"),
        "membership.removal_asked" => key("event-membership-removal-asked"),
        "membership.removal_dropped" => key("event-membership-removal-dropped"),
        "membership.removed" => key("event-membership-removed"),
        "membership.resumed" => key("event-membership-resumed"),
        "membership.review_asked" => key("event-membership-review-asked"),
        "membership.stayed" => key("event-membership-stayed"),
        "membership.submitted" => key("event-membership-submitted"),
        "membership.suspended" => key("event-membership-suspended"),
        "membership.text_published" => key("event-membership-text-published"),
        "membership.tied" => key("event-membership-tied"),
        "membership.unmasked" => key("event-membership-unmasked"),
        "membership.withdrawn" => key("event-membership-withdrawn"),
        "person.erased" => key("event-person-erased"),
        "roster.exported" => key("event-roster-exported"),
        "roster.merged" => key("event-roster-merged"),
        "roster.party_added" => key("event-roster-party-added"),
        "roster.party_changed" => key("event-roster-party-changed"),
        "roster.related" => key("event-roster-related"),
        "roster.relation_ended" => key("event-roster-relation-ended"),
        "roster.room_added" => key("event-roster-room-added"),
        "roster.room_changed" => key("event-roster-room-changed"),
        "roster.transferred" => key("event-roster-transferred"),
        "roster.unmasked" => key("event-roster-unmasked"),
        _ => return None,
    })
}

/// The room of the house that a kind belongs to.
pub fn room(kind: &str) -> Option<&'static str> {
    let (room, _) = kind.split_once('.')?;
    Some(match room {
        "accounts" => key("event-room-accounts"),
        "community" => key("event-room-community"),
        "fees" => key("event-room-fees"),
        "house" => key("event-room-house"),
        "import" => key("event-room-import"),
        "keys" => key("event-room-keys"),
        "ledger" => key("event-room-ledger"),
        "membership" => key("event-room-membership"),
        "person" => key("event-room-person"),
        "roster" => key("event-room-roster"),
        _ => return None,
    })
}

/// What sort of record an event is about.
pub fn subject(what: &str) -> Option<&'static str> {
    Some(match what {
        "account" => key("event-about-account"),
        "application" => key("event-about-application"),
        "fee_account" => key("event-about-fee-account"),
        "fee_item" => key("event-about-fee-item"),
        "import" => key("event-about-import"),
        "member" => key("event-about-member"),
        "party" | "person" => key("event-about-party"),
        "room" => key("event-about-room"),
        _ => return None,
    })
}

/// The door that an act came in by.
pub fn door(word: &str) -> Option<&'static str> {
    Some(match word {
        "web" => key("event-door-web"),
        "api" => key("event-door-api"),
        "cli" => key("event-door-cli"),
        "clock" => key("event-door-clock"),
        "follower" => key("event-door-follower"),
        _ => return None,
    })
}

/// Who acted, where it was no account.
pub fn nobody(actor: &str) -> Option<&'static str> {
    Some(match actor {
        "system" => key("event-by-system"),
        "operator" => key("event-by-operator"),
        "link" => key("event-by-link"),
        "nobody" => key("event-by-nobody"),
        _ => return None,
    })
}

/// Who may learn of it.
pub fn audience(word: &str) -> &'static str {
    match word {
        "record" => key("event-for-record"),
        "staff" => key("event-for-staff"),
        "members" => key("event-for-members"),
        _ => key("event-for-account"),
    }
}
