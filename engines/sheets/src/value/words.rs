//! Set words: a room's use and state, a person's relation and kind, ways of payment.

use serde::{Deserialize, Serialize};

use crate::label::key;

/// A room's use (P1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// 住宅
    Residence,
    /// 商鋪
    Shop,
    /// 車位
    Parking,
    /// 其他
    Other,
}

/// A room's state (P1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 未交付
    NotHandedOver,
    /// 已交付
    HandedOver,
    /// 空置
    Vacant,
    /// 自住
    OwnerOccupied,
    /// 出租
    Let,
}

/// A person's relation to the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    Owner,
    CoOwner,
    Tenant,
    Family,
}

/// A natural person or an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Person,
    Organisation,
}

/// How a payment was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Cash,
    WeChat,
    Alipay,
    Transfer,
    Card,
    Other,
}

fn find<T: Copy>(table: &[(T, &[&str])], text: &str) -> Option<T> {
    let key = key(text);
    table
        .iter()
        .find(|(_, words)| words.contains(&key.as_str()))
        .map(|(value, _)| *value)
}

pub(crate) fn room_use(text: &str) -> Option<Use> {
    find(
        &[
            (
                Use::Residence,
                &[
                    "住宅",
                    "普通住宅",
                    "公寓",
                    "别墅",
                    "洋房",
                    "高层",
                    "高层住宅",
                    "小高层",
                    "多层",
                    "多层住宅",
                    "居住",
                    "住房",
                    "成套住宅",
                    "residence",
                    "residential",
                    "apartment",
                    "flat",
                    "house",
                ],
            ),
            (
                Use::Shop,
                &[
                    "商铺",
                    "商业",
                    "店铺",
                    "店面",
                    "门面",
                    "门市",
                    "底商",
                    "商业用房",
                    "商服",
                    "商用",
                    "shop",
                    "retail",
                    "commercial",
                    "store",
                ],
            ),
            (
                Use::Parking,
                &[
                    "车位",
                    "停车位",
                    "地下车位",
                    "地上车位",
                    "产权车位",
                    "人防车位",
                    "车库",
                    "parking",
                    "parkingspace",
                    "garage",
                    "carpark",
                ],
            ),
            (
                Use::Other,
                &[
                    "其他",
                    "其它",
                    "办公",
                    "办公楼",
                    "写字楼",
                    "储藏室",
                    "储物间",
                    "储藏间",
                    "仓库",
                    "物业用房",
                    "配套",
                    "公建",
                    "幼儿园",
                    "会所",
                    "other",
                    "office",
                    "storage",
                ],
            ),
        ],
        text,
    )
}

pub(crate) fn state(text: &str) -> Option<State> {
    find(
        &[
            (
                State::NotHandedOver,
                &[
                    "未交付",
                    "未交房",
                    "未交楼",
                    "未收房",
                    "未收楼",
                    "未领房",
                    "未销售",
                    "未售",
                    "未接房",
                    "nothandedover",
                    "undelivered",
                ],
            ),
            (
                State::HandedOver,
                &[
                    "已交付",
                    "已交房",
                    "已交楼",
                    "已收房",
                    "已收楼",
                    "已领房",
                    "已接房",
                    "装修中",
                    "装修",
                    "已装修",
                    "handedover",
                    "delivered",
                ],
            ),
            (
                State::Vacant,
                &[
                    "空置",
                    "空房",
                    "空闲",
                    "未入住",
                    "无人居住",
                    "闲置",
                    "未住",
                    "空",
                    "vacant",
                    "empty",
                ],
            ),
            (
                State::OwnerOccupied,
                &[
                    "自住",
                    "自用",
                    "已入住",
                    "入住",
                    "居住",
                    "业主自住",
                    "常住",
                    "owneroccupied",
                    "occupied",
                    "ownoccupied",
                ],
            ),
            (
                State::Let,
                &[
                    "出租",
                    "已出租",
                    "租赁",
                    "租住",
                    "在租",
                    "let",
                    "rented",
                    "leased",
                ],
            ),
        ],
        text,
    )
}

pub(crate) fn relation(text: &str) -> Option<Relation> {
    find(
        &[
            (
                Relation::Owner,
                &[
                    "业主",
                    "本人",
                    "户主",
                    "产权人",
                    "房主",
                    "业主本人",
                    "主业主",
                    "第一产权人",
                    "owner",
                    "self",
                ],
            ),
            (
                Relation::CoOwner,
                &[
                    "共有人",
                    "共有",
                    "共同业主",
                    "共有产权人",
                    "共有业主",
                    "第二产权人",
                    "次业主",
                    "联名",
                    "coowner",
                    "jointowner",
                ],
            ),
            (
                Relation::Tenant,
                &[
                    "租客",
                    "租户",
                    "承租人",
                    "租赁",
                    "租赁户",
                    "租房",
                    "住户租",
                    "tenant",
                    "lessee",
                    "renter",
                ],
            ),
            (
                Relation::Family,
                &[
                    "家属",
                    "家人",
                    "家庭成员",
                    "亲属",
                    "配偶",
                    "夫妻",
                    "丈夫",
                    "夫",
                    "老公",
                    "妻子",
                    "妻",
                    "老婆",
                    "爱人",
                    "父亲",
                    "父",
                    "母亲",
                    "母",
                    "父母",
                    "儿子",
                    "子",
                    "女儿",
                    "女",
                    "子女",
                    "孙子",
                    "孙女",
                    "外孙",
                    "外孙女",
                    "兄弟",
                    "姐妹",
                    "兄",
                    "弟",
                    "姐",
                    "妹",
                    "哥哥",
                    "弟弟",
                    "姐姐",
                    "妹妹",
                    "岳父",
                    "岳母",
                    "公公",
                    "婆婆",
                    "女婿",
                    "儿媳",
                    "祖父",
                    "祖母",
                    "爷爷",
                    "奶奶",
                    "外公",
                    "外婆",
                    "亲戚",
                    "保姆",
                    "同住",
                    "同住人",
                    "family",
                    "spouse",
                    "wife",
                    "husband",
                    "son",
                    "daughter",
                    "father",
                    "mother",
                    "parent",
                    "child",
                ],
            ),
        ],
        text,
    )
}

pub(crate) fn kind(text: &str) -> Option<Kind> {
    find(
        &[
            (
                Kind::Person,
                &[
                    "个人",
                    "自然人",
                    "私人",
                    "个人业主",
                    "业主",
                    "person",
                    "individual",
                ],
            ),
            (
                Kind::Organisation,
                &[
                    "单位",
                    "公司",
                    "企业",
                    "法人",
                    "组织",
                    "机构",
                    "企业业主",
                    "单位业主",
                    "开发商",
                    "organisation",
                    "organization",
                    "company",
                ],
            ),
        ],
        text,
    )
}

pub(crate) fn way(text: &str) -> Option<Way> {
    find(
        &[
            (Way::Cash, &["现金", "cash"]),
            (
                Way::WeChat,
                &[
                    "微信",
                    "微信支付",
                    "微信转账",
                    "微信扫码",
                    "wechat",
                    "wechatpay",
                ],
            ),
            (Way::Alipay, &["支付宝", "alipay"]),
            (
                Way::Transfer,
                &[
                    "转账",
                    "银行转账",
                    "对公转账",
                    "网银",
                    "汇款",
                    "银行代扣",
                    "代扣",
                    "托收",
                    "银行",
                    "公对公",
                    "transfer",
                    "banktransfer",
                ],
            ),
            (
                Way::Card,
                &["刷卡", "银行卡", "pos", "pos机", "刷pos机", "card"],
            ),
            (
                Way::Other,
                &[
                    "其他",
                    "其它",
                    "扫码",
                    "预存",
                    "预存抵扣",
                    "抵扣",
                    "other",
                    "支票",
                    "线上",
                    "减免",
                ],
            ),
        ],
        text,
    )
}
