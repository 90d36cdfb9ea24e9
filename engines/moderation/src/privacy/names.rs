//! A name beside a room or number: another member's from the roster, or a surname with its title.

use super::{Cells, DATA_MAX, Datum, Kind, Protected};
use crate::finding::{Rule, Whose};

/// How far from a room or number a name may stand, in characters.
const REACH: usize = 12;
/// Longest name looked up in the roster.
const NAME_MAX: usize = 4;

/// The usual surnames; a roster's other names are found by their digests all the same, for every
/// stretch of Han characters near a number is tried.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝";
const COMPOUND: &[&str] = &[
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯",
];
const TITLES: &[&str] = &[
    "先生", "女士", "太太", "小姐", "师傅", "阿姨", "叔叔", "大爷", "大妈", "大姐", "大哥",
];

fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x9FFF | 0x20000..=0x323AF)
}

/// Adds names that stand near data already found. `found` is sorted by place.
pub(crate) fn scan(
    cells: &Cells,
    protected: Option<&Protected>,
    writer: Option<u64>,
    staff: &dyn Fn(&str) -> bool,
    found: &mut Vec<Datum>,
) {
    let mut names: Vec<Datum> = Vec::new();
    // Each place is tried once, however many numbers stand near it.
    let mut tried = 0;
    for datum in found.iter() {
        let anchor = matches!(
            datum.rule,
            Rule::Address | Rule::Mobile | Rule::Landline | Rule::Plate
        );
        if !anchor || datum.whose == Whose::Own || datum.confidence < 0.5 {
            continue;
        }
        let from = datum.start.saturating_sub(REACH + NAME_MAX).max(tried);
        let to = (datum.end + REACH).min(cells.len());
        let mut at = from;
        while at < to && names.len() < DATA_MAX {
            let inside = (datum.start..datum.end).contains(&at);
            let name = if inside || !is_han(cells.c(at)) {
                None
            } else {
                protected
                    .and_then(|set| in_roster(cells, set, at, writer))
                    .or_else(|| titled(cells, at, datum))
            };
            match name {
                Some(name) if !staff(&name.value) => {
                    at = name.end;
                    names.push(name);
                }
                _ => at += 1,
            }
        }
        tried = tried.max(to);
    }
    found.append(&mut names);
    found.sort_by_key(|d| (d.start, d.end));
}

fn in_roster(cells: &Cells, set: &Protected, at: usize, writer: Option<u64>) -> Option<Datum> {
    let han = (at..at + NAME_MAX)
        .take_while(|&at| is_han(cells.c(at)))
        .count();
    // The longest name stands: 王小明 before 王小.
    for length in (2..=han).rev() {
        let name = cells.text(at..at + length);
        let whose = set.whose(Kind::Name, &name, writer);
        if whose != Whose::Unknown {
            let mut datum = Datum::new(Rule::RosterName, at..at + length, 0.95, name);
            datum.whose = whose;
            return Some(datum);
        }
    }
    None
}

/// 12號樓1單元602室的張先生.
fn titled(cells: &Cells, at: usize, beside: &Datum) -> Option<Datum> {
    // A landline with a title is a shop's more often than a neighbour's.
    if beside.rule == Rule::Landline {
        return None;
    }
    let surname = match cells.one_of(at, COMPOUND) {
        Some(_) => 2,
        None if SURNAMES.contains(cells.c(at)) => 1,
        None => return None,
    };
    let title = cells.one_of(at + surname, TITLES)?;
    let end = at + surname + title.chars().count();
    let name = cells.text(at..end);
    Some(Datum::new(Rule::RosterName, at..end, 0.7, name))
}
