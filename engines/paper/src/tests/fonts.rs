//! Fonts: none, the wrong ones, and signs that few have.

use super::{Draws, drawn};
use crate::*;

fn says(text: &'static str) -> impl Paper {
    Draws(move |doc: &mut Document<'_>| {
        doc.text(20.0, 20.0, text, Style::new(12.0));
        Ok(())
    })
}

#[test]
fn without_a_chinese_font_no_paper_comes_out() {
    let none = std::env::temp_dir().join("linli-paper-no-fonts-here");
    let fonts = Fonts::in_folders(&[none]);
    assert!(!fonts.write_chinese());
    assert!(matches!(says("停水").draw(&fonts), Err(PaperError::NoFont)));
    let mut nothing = Vec::new();
    let _ = says("停水").write(&fonts, &mut nothing);
    assert!(nothing.is_empty(), "not even a header");
}

#[test]
fn a_sign_that_no_font_has_is_named_and_never_vanishes() {
    let (pages, written) = drawn(&says("王\u{e0fa}明\u{10fffd}🀄\u{e0fa}"));
    assert!(written.missing.contains(&'\u{e0fa}') && written.missing.contains(&'\u{10fffd}'));
    let text = pages[0].text();
    assert!(text.starts_with("王〓明〓"), "{text}");
    assert_eq!(
        written.missing.iter().filter(|c| **c == '\u{e0fa}').count(),
        1,
        "named once"
    );
}

#[test]
fn rare_ideographs_come_from_whichever_face_has_them() {
    // U+20BB7 and others of the second plane, a simplified sign, one of Hong Kong.
    let names = "𠮷𡈽𠝹喆龑囍堃昇国𨋢";
    let (pages, written) = drawn(&says(names));
    assert_eq!(written.missing, []);
    assert_eq!(pages[0].text(), names);
}

#[test]
fn what_has_no_ink_is_left_out_without_a_word() {
    let (pages, written) = drawn(&says("停\u{200b}水\u{feff}\u{fe0f}\u{200e}了"));
    assert_eq!(written.missing, []);
    assert_eq!(pages[0].text(), "停水了");
}

#[test]
fn languages_choose_their_own_face() {
    let name = |lang| {
        struct In(Lang);
        impl Paper for In {
            fn about(&self) -> About {
                About {
                    lang: self.0,
                    ..About::default()
                }
            }
            fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
                doc.page(A4)?;
                doc.text(20.0, 20.0, "門，骨", Style::new(12.0));
                Ok(())
            }
        }
        let (pdf, _) = In(lang).draw(system_fonts()).expect("drawn");
        String::from_utf8_lossy(&pdf).into_owned()
    };
    // Debian's fonts-noto-cjk has a face for each.
    assert!(name(Lang::Traditional).contains("CJKtc-Regular"));
    assert!(name(Lang::Simplified).contains("CJKsc-Regular"));
}
