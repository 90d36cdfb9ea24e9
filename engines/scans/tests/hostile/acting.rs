//! Papers that act, hide a file or are locked.

use super::*;

pub fn table() -> Table {
    let objects_js = {
        let inner = b"90 0 << /S /JavaScript /JS (app.alert(1)) >>";
        pdf_stream(
            "/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode",
            &zlib(inner),
        )
    };
    vec![
        (
            "javascript",
            active("/OpenAction << /S /JavaScript /JS (x) >>"),
            like!(Refused::Active(Active::JavaScript)),
        ),
        (
            "javascript by escapes",
            active("/OpenAction << /S /Java#53cript /JS (x) >>"),
            like!(Refused::Active(Active::JavaScript)),
        ),
        (
            "javascript in names",
            active("/Names << /JavaScript << /Names [] >> >>"),
            like!(Refused::Active(Active::JavaScript)),
        ),
        (
            "javascript in an object stream",
            objects_js,
            like!(Refused::Active(Active::JavaScript)),
        ),
        (
            "launch",
            active("/AA << /O << /S /Launch /F (cmd.exe) >> >>"),
            like!(Refused::Active(Active::Launch)),
        ),
        (
            "submit",
            active("/A << /S /SubmitForm /F (http://x) >>"),
            like!(Refused::Active(Active::Submit)),
        ),
        (
            "xfa",
            active("/AcroForm << /XFA [ (x) 3 0 R ] >>"),
            like!(Refused::Active(Active::Xfa)),
        ),
        (
            "rich media",
            active("/A << /Subtype /RichMedia >>"),
            like!(Refused::Active(Active::Media)),
        ),
        (
            "embedded file",
            active("/Names << /EmbeddedFiles << /Names [] >> >>"),
            like!(Refused::Embedded),
        ),
        (
            "embedded stream",
            pdf_stream("/Type /EmbeddedFile", b"MZ"),
            like!(Refused::Embedded),
        ),
        (
            "external stream",
            pdf_stream("/F (/etc/passwd)", b""),
            like!(Refused::Active(Active::External)),
        ),
        (
            "encrypted",
            {
                let p = pdf(1);
                p.replace_tail(
                    b"/Root 1 0 R",
                    b"/Root 1 0 R /Encrypt << /Filter /Standard >>",
                )
            },
            like!(Refused::Encrypted),
        ),
    ]
}
