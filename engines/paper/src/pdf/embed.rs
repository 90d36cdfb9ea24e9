//! A font in the file: only the letters that were drawn, with their widths and with what
//! each means, so that the text can be copied and searched.

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish as _, Name, Rect, Ref, Str};
use subsetter::GlyphRemapper;
use ttf_parser::{Face, RawFace, Tag};

use super::file::{PdfFile, packed};
use crate::PaperError;

const IDENTITY: SystemInfo<'_> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// A face as one paper used it.
pub struct Used<'a> {
    pub face: &'a Face<'a>,
    pub bytes: &'a [u8],
    pub index: u32,
    pub glyphs: &'a GlyphRemapper,
    /// For each new glyph from 1 on: what it means and its width in em.
    pub letters: &'a [(char, f32)],
    /// Counts the faces of a file, for the six letters before the name.
    pub nth: usize,
}

/// Writes a face under a promised number.
pub fn embed(file: &mut PdfFile<'_>, id: Ref, used: &Used<'_>) -> Result<(), PaperError> {
    let cut = subsetter::subset(used.bytes, used.index, used.glyphs)
        .map_err(|e| PaperError::Font(e.to_string()))?;
    // A PDF carries CFF letters bare, without the tables around them.
    let bare = RawFace::parse(&cut, 0)
        .ok()
        .and_then(|raw| raw.table(Tag::from_bytes(b"CFF ")));
    let name = name(used);
    let (cid, descriptor, letters, unicode) = (
        file.promise(),
        file.promise(),
        file.promise(),
        file.promise(),
    );
    file.object(id, |chunk| {
        chunk
            .type0_font(id)
            .base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(unicode);
    })?;
    file.object(cid, |chunk| {
        let mut font = chunk.cid_font(cid);
        font.subtype(if bare.is_some() {
            CidFontType::Type0
        } else {
            CidFontType::Type2
        });
        font.base_font(Name(name.as_bytes()))
            .system_info(IDENTITY)
            .font_descriptor(descriptor)
            .default_width(1_000.0);
        if bare.is_none() {
            font.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let mut widths = font.widths();
        for (i, (_, em)) in used.letters.iter().enumerate() {
            let width = (em * 1_000.0).round();
            if width != 1_000.0 {
                widths.consecutive(i as u16 + 1, [width]);
            }
        }
        widths.finish();
    })?;
    file.object(descriptor, |chunk| {
        let face = used.face;
        let scale = 1_000.0 / f32::from(face.units_per_em());
        let unit = |v: i16| (f32::from(v) * scale).round();
        let bbox = face.global_bounding_box();
        let mut d = chunk.font_descriptor(descriptor);
        d.name(Name(name.as_bytes()))
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                unit(bbox.x_min),
                unit(bbox.y_min),
                unit(bbox.x_max),
                unit(bbox.y_max),
            ))
            .italic_angle(0.0)
            .ascent(unit(face.ascender()))
            .descent(unit(face.descender()))
            .cap_height(unit(face.capital_height().unwrap_or(face.ascender())))
            // No font says it; readers use it only to replace fonts that are missing.
            .stem_v(if face.is_bold() { 140.0 } else { 80.0 });
        if bare.is_some() {
            d.font_file3(letters);
        } else {
            d.font_file2(letters);
        }
    })?;
    let bytes = packed(bare.unwrap_or(&cut));
    file.object(letters, |chunk| {
        let mut stream = chunk.stream(letters, &bytes);
        stream.filter(Filter::FlateDecode);
        if bare.is_some() {
            stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        } else {
            stream.pair(Name(b"Length1"), cut.len() as i32);
        }
    })?;
    let mut cmap = UnicodeCmap::<u16>::new(Name(b"Letters"), IDENTITY);
    for (i, (meaning, _)) in used.letters.iter().enumerate() {
        cmap.pair(i as u16 + 1, *meaning);
    }
    let map = packed(&cmap.finish().into_vec());
    file.object(unicode, |chunk| {
        chunk.stream(unicode, &map).filter(Filter::FlateDecode);
    })
}

/// Six letters that mark a font as cut, and its name (ISO 32000-1, 9.6.4).
fn name(used: &Used<'_>) -> String {
    let mut tag = String::from("LINL");
    tag.push(char::from(b'A' + (used.nth / 26 % 26) as u8));
    tag.push(char::from(b'A' + (used.nth % 26) as u8));
    let own = used
        .face
        .names()
        .into_iter()
        .filter(|n| n.name_id == ttf_parser::name_id::POST_SCRIPT_NAME)
        .find_map(|n| n.to_string())
        .unwrap_or_default();
    let own: String = own.chars().filter(char::is_ascii_graphic).collect();
    let own = if own.is_empty() { "Font" } else { &own };
    format!("{tag}+{own}")
}
