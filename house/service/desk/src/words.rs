//! The frozen words of the desk: what a ticket is, how urgent, from where, what it waits for and
//! how it ended.

use foundation::page::key;

macro_rules! frozen {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $key:expr;)* })+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// As stored and as it stands in the ledger. Frozen.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }

            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|x| x.word() == word)
            }

            /// The key of its word on the screen.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key),* }
            }
        }

        impl foundation::database::FromValue for $name {
            fn from_value(value: foundation::database::Value) -> Result<$name, foundation::database::DbError> {
                let word = String::from_value(value)?;
                $name::from_word(&word).ok_or_else(|| foundation::database::DbError::Shape(
                    format!("{word} is no {}", stringify!($name)),
                ))
            }
        }

        impl From<$name> for foundation::database::Value {
            fn from(it: $name) -> foundation::database::Value {
                it.word().into()
            }
        }
    )+ };
}
pub(crate) use frozen;

frozen! {
    /// What is asked of the office.
    Kind {
        /// 諮詢
        Enquiry = "enquiry", key("desk-kind-enquiry");
        /// 報修
        Repair = "repair", key("desk-kind-repair");
        /// 投訴: confidential, an answer is owed
        Complaint = "complaint", key("desk-kind-complaint");
    }

    /// How urgent: emergencies run round the clock.
    Priority {
        Emergency = "emergency", key("desk-priority-emergency");
        Urgent = "urgent", key("desk-priority-urgent");
        Normal = "normal", key("desk-priority-normal");
        Low = "low", key("desk-priority-low");
    }

    /// How it came to the office.
    Source {
        Owner = "owner", key("desk-source-owner");
        Phone = "phone", key("desk-source-phone");
        Counter = "counter", key("desk-source-counter");
        Message = "message", key("desk-source-message");
        Assistant = "assistant", key("desk-source-assistant");
        Notice = "notice", key("desk-source-notice");
        Wecom = "wecom", key("desk-source-wecom");
        Api = "api", key("desk-source-api");
        Patrol = "patrol", key("desk-source-patrol");
    }

    /// What a waiting ticket waits for; nothing else stops a clock.
    WaitsFor {
        Owner = "owner", key("desk-waits-owner");
        Parts = "parts", key("desk-waits-parts");
        ThirdParty = "third_party", key("desk-waits-third");
        Approval = "approval", key("desk-waits-approval");
    }

    /// How it ended: closed is not yet fixed.
    Outcome {
        Fixed = "fixed", key("desk-outcome-fixed");
        Partly = "partly", key("desk-outcome-partly");
        Unfixable = "unfixable", key("desk-outcome-unfixable");
        NotOurs = "not_ours", key("desk-outcome-not-ours");
        Duplicate = "duplicate", key("desk-outcome-duplicate");
    }

    /// Who outside answers for a complaint about the company itself, in this order.
    Outside {
        /// 業主委員會
        Committee = "committee", key("desk-outside-committee");
        /// 居民委員會
        Neighbourhood = "neighbourhood", key("desk-outside-neighbourhood");
        /// 物業管理主管部門 (物業管理條例 48)
        Authority = "authority", key("desk-outside-authority");
    }
}

impl WaitsFor {
    /// The longest time a clock stands for it, in days: after that it runs on.
    pub fn longest_days(self) -> i64 {
        match self {
            WaitsFor::Owner => 7,
            WaitsFor::Parts => 10,
            WaitsFor::ThirdParty => 14,
            WaitsFor::Approval => 5,
        }
    }
}

impl Outside {
    /// Who comes after.
    pub fn next(self) -> Option<Outside> {
        match self {
            Outside::Committee => Some(Outside::Neighbourhood),
            Outside::Neighbourhood => Some(Outside::Authority),
            Outside::Authority => None,
        }
    }
}
