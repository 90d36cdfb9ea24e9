//! Containers whose entries lead elsewhere, lie or hide something.

use super::*;

fn ofd_more(name: &str, body: &[u8]) -> Vec<u8> {
    ofd_with(1, SCAN, &[item(name, body)])
}

pub fn table() -> Table {
    let small_zip = zip(&[item("a.txt", b"hello")]);
    let xml_deep = format!("{}{}", "<a>".repeat(500), "</a>".repeat(500));
    let mut encrypted = item("x.xml", b"<x/>");
    encrypted.flags = 1;
    let mut link = item("Doc_0/link.xml", b"<x/>");
    link.mode = 0o120_777;
    let mut liar = item("Doc_0/Res/a.png", b"small");
    liar.claims = Some(1 << 30);
    vec![
        (
            "slip",
            ofd_more("../../etc/cron.xml", b"<x/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "slip by backslash",
            ofd_more("..\\x.xml", b"<x/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "absolute path",
            ofd_more("/etc/x.xml", b"<x/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "drive",
            ofd_more("C:x.xml", b"<x/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "twice the same",
            ofd_more("ofd.xml", b"<x/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "symlink",
            ofd_with(1, SCAN, &[link]),
            like!(Refused::Entry { .. }),
        ),
        (
            "encrypted entry",
            ofd_with(1, SCAN, &[encrypted]),
            like!(Refused::Encrypted),
        ),
        (
            "zip in ofd",
            ofd_more("Doc_0/Res/a.png", &small_zip),
            like!(Refused::Embedded),
        ),
        (
            "exe in ofd",
            ofd_more("Doc_0/Res/a.exe", b"MZ\x90"),
            like!(Refused::Embedded),
        ),
        (
            "html in ofd",
            ofd_more("Doc_0/a.html", b"<html/>"),
            like!(Refused::Entry { .. }),
        ),
        (
            "ofd bomb",
            ofd_more("Doc_0/a.xml", &vec![b' '; 100 << 20]),
            like!(Refused::Ratio { .. }),
        ),
        (
            "entry that lies",
            ofd_with(1, SCAN, &[liar]),
            like!(Refused::Decompressed { .. }),
        ),
        (
            "deep xml",
            ofd_with(1, &xml_deep, &[]),
            like!(Refused::Nested(_)),
        ),
        (
            "entities",
            ofd_with(1, "<!DOCTYPE x [<!ENTITY a 'b'>]>", &[]),
            like!(Refused::Broken { .. }),
        ),
    ]
}
