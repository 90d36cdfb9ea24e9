//! What the engine answers: findings, each with its place in the original text, and one action.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The house's kinds of breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 泄露他人個人信息.
    Privacy,
    /// 廣告.
    Advertising,
    /// 侮辱性言論.
    Insult,
    /// 違法信息.
    Illegal,
    /// 刷屏.
    Spam,
    /// The operator's own words.
    Custom,
}

/// Every rule, in the order of [`Rule::ALL`]; its code is frozen, strikes name it for years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Rule {
    Mobile,
    Landline,
    ResidentId,
    BankCard,
    Plate,
    Passport,
    Email,
    Wechat,
    Qq,
    Address,
    RosterName,
    Gambling,
    Drugs,
    Fraud,
    Porn,
    Contraband,
    InsultStrong,
    InsultMild,
    InsultModel,
    AdOffer,
    AdLink,
    AdQr,
    Repeat,
    Flood,
    Custom,
}

impl Rule {
    /// All rules.
    pub const ALL: [Rule; 25] = [
        Rule::Mobile,
        Rule::Landline,
        Rule::ResidentId,
        Rule::BankCard,
        Rule::Plate,
        Rule::Passport,
        Rule::Email,
        Rule::Wechat,
        Rule::Qq,
        Rule::Address,
        Rule::RosterName,
        Rule::Gambling,
        Rule::Drugs,
        Rule::Fraud,
        Rule::Porn,
        Rule::Contraband,
        Rule::InsultStrong,
        Rule::InsultMild,
        Rule::InsultModel,
        Rule::AdOffer,
        Rule::AdLink,
        Rule::AdQr,
        Rule::Repeat,
        Rule::Flood,
        Rule::Custom,
    ];

    /// The frozen code, as policies and strikes write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Rule::Mobile => "mobile",
            Rule::Landline => "landline",
            Rule::ResidentId => "resident_id",
            Rule::BankCard => "bank_card",
            Rule::Plate => "plate",
            Rule::Passport => "passport",
            Rule::Email => "email",
            Rule::Wechat => "wechat",
            Rule::Qq => "qq",
            Rule::Address => "address",
            Rule::RosterName => "roster_name",
            Rule::Gambling => "gambling",
            Rule::Drugs => "drugs",
            Rule::Fraud => "fraud",
            Rule::Porn => "porn",
            Rule::Contraband => "contraband",
            Rule::InsultStrong => "insult_strong",
            Rule::InsultMild => "insult_mild",
            Rule::InsultModel => "insult_model",
            Rule::AdOffer => "ad_offer",
            Rule::AdLink => "ad_link",
            Rule::AdQr => "ad_qr",
            Rule::Repeat => "repeat",
            Rule::Flood => "flood",
            Rule::Custom => "custom",
        }
    }

    /// The rule of that code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// The kind of breach the rule finds.
    #[must_use]
    pub fn category(self) -> Category {
        match self {
            Rule::Mobile
            | Rule::Landline
            | Rule::ResidentId
            | Rule::BankCard
            | Rule::Plate
            | Rule::Passport
            | Rule::Email
            | Rule::Wechat
            | Rule::Qq
            | Rule::Address
            | Rule::RosterName => Category::Privacy,
            Rule::Gambling | Rule::Drugs | Rule::Fraud | Rule::Porn | Rule::Contraband => {
                Category::Illegal
            }
            Rule::InsultStrong | Rule::InsultMild | Rule::InsultModel => Category::Insult,
            Rule::AdOffer | Rule::AdLink | Rule::AdQr => Category::Advertising,
            Rule::Repeat | Rule::Flood => Category::Spam,
            Rule::Custom => Category::Custom,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What becomes of the message; the later, the stricter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It appears.
    #[default]
    Pass,
    /// It appears, and somebody looks at it.
    Flag,
    /// It waits until somebody has looked.
    Hold,
    /// It does not appear; the writer is told why.
    Block,
}

/// Whose datum was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Nobody's, as far as the engine was told.
    Unknown,
    /// The writer's own: a warning, never more.
    Own,
    /// Another member's, known by its digest.
    Another,
}

/// One thing found in a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The kind of breach.
    pub category: Category,
    /// The rule that found it.
    #[serde(serialize_with = "rule_code")]
    pub rule: Rule,
    /// First Unicode scalar of the stretch.
    pub start: usize,
    /// The scalar behind the stretch.
    pub end: usize,
    /// First byte of the stretch, on a character boundary.
    pub byte_start: usize,
    /// The byte behind the stretch, on a character boundary.
    pub byte_end: usize,
    /// 0–1; below [`crate::SURE`] the finding is a possibility and never more than a flag.
    pub confidence: f32,
    /// What was seen, for the person who looks: masked where it is personal.
    pub evidence: String,
    /// Whose datum it is.
    #[serde(skip)]
    pub whose: Whose,
}

// serde hands fields over by reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn rule_code<S: serde::Serializer>(rule: &Rule, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(rule.code())
}

/// The engine's answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Verdict {
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
    /// The strictest of what the policy says about the findings.
    pub action: Action,
}
