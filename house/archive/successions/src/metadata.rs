//! The metadata of a dossier as XML: the elements that DA/T 46 and DA/T 48 name for a file and
//! its parts, in their own words, with what the ledger knows of where each came from.

use bagit::Entry;
use dossiers::document::Document;
use dossiers::handing::Handed;
use foundation::ledger;
use foundation::page::fmt;

/// A document as it lies in the bag.
pub struct Part {
    pub document: Document,
    /// Relative to the dossier's folder.
    pub file: String,
    pub entry: Entry,
    /// The photographs that it was bound of, as they were taken.
    pub photos: Vec<(String, Entry)>,
    pub story: Vec<ledger::Entry>,
}

/// The whole text.
pub fn of(compound: &str, h: &Handed, parts: &[Part]) -> String {
    let d = &h.dossier;
    let mut x = Xml::new();
    x.open("案卷");
    x.leaf("聚合层次", "案卷");
    x.leaf("全宗名称", compound);
    x.leaf("档号", &d.number);
    x.leaf("题名", &format!("{} 业主档案 第{}期", d.code, d.tenure));
    for owner in &h.owners {
        x.leaf("权利人", owner);
    }
    x.leaf("起始日期", d.began.as_deref().unwrap_or_default());
    x.leaf("终止日期", d.ended.as_deref().unwrap_or_default());
    x.leaf("状态", d.life.word());
    x.leaf("页数", &d.pages.to_string());
    x.leaf("件数", &parts.len().to_string());
    for part in parts {
        of_document(&mut x, part);
    }
    x.close("案卷");
    x.text
}

fn of_document(x: &mut Xml, part: &Part) {
    let d = &part.document;
    x.open("文件");
    x.leaf("聚合层次", "文件");
    x.leaf("件号", &d.label());
    x.leaf("类别", d.kind.letter());
    x.leaf("题名", &d.title);
    x.leaf("日期", d.day.as_deref().unwrap_or_default());
    x.leaf("责任者", &d.signed_by);
    x.leaf("附注", &d.note);
    x.leaf("页数", &d.confirmed.unwrap_or(d.pages).to_string());
    x.leaf("版本", &d.version.to_string());
    x.leaf("状态", d.state.word());
    x.leaf("保管期限", d.retention.as_str());
    x.leaf("纸质原件", if d.paper { "有" } else { "无" });
    x.leaf("盒号", &d.place);
    x.leaf("格式", &d.media);
    file(x, &part.file, &part.entry);
    x.leaf("收件人", &d.taken_name);
    x.leaf("核对人", &d.checker_name);
    for (name, entry) in &part.photos {
        x.open("原始照片");
        file(x, name, entry);
        x.close("原始照片");
    }
    for entry in &part.story {
        x.open("业务行为");
        x.leaf("登记簿序号", &entry.seq.to_string());
        x.leaf("行为", &entry.kind);
        x.leaf("时间", &fmt::local(entry.at.0).to_string());
        x.close("业务行为");
    }
    x.close("文件");
}

fn file(x: &mut Xml, name: &str, entry: &Entry) {
    x.leaf("计算机文件名", name);
    x.leaf("计算机文件大小", &entry.bytes.to_string());
    x.leaf("数字摘要算法", "SHA-512");
    x.leaf("数字摘要", &entry.sha512);
}

struct Xml {
    text: String,
    depth: usize,
}

impl Xml {
    fn new() -> Xml {
        Xml {
            text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
            depth: 0,
        }
    }

    fn indent(&mut self) {
        self.text.push_str(&"  ".repeat(self.depth));
    }

    fn open(&mut self, name: &str) {
        self.indent();
        self.text.push_str(&format!("<{name}>\n"));
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.indent();
        self.text.push_str(&format!("</{name}>\n"));
    }

    /// An element with text; none where there is nothing to say.
    fn leaf(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.indent();
        self.text.push_str(&format!("<{name}>"));
        for sign in value.chars() {
            match sign {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                // XML 1.0 has no place for them.
                c if c.is_control() && c != '\n' && c != '\t' => {}
                c => self.text.push(c),
            }
        }
        self.text.push_str(&format!("</{name}>\n"));
    }
}
