//! Where font files lie, and what is in one.

use std::path::{Path, PathBuf};

use ttf_parser::{Face, Tag, name_id};

use super::{CHINESE, Entry};

/// A folder of fonts holds some hundreds of files; more is not a folder of fonts.
const FILES_MAX: usize = 4_000;
const DEPTH_MAX: usize = 8;
/// A collection of one design for all languages has ten faces.
const FACES_MAX: u32 = 64;

/// Where Debian, Fedora, Alpine, macOS and Windows keep fonts, and a person's own.
pub fn system_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        "C:\\Windows\\Fonts",
    ]
    .map(PathBuf::from)
    .into();
    if let Some(home) = std::env::home_dir() {
        folders.push(home.join(".local/share/fonts"));
        folders.push(home.join(".fonts"));
        folders.push(home.join("Library/Fonts"));
    }
    folders
}

/// The font files below the folders, in an order that is the same on every run.
pub fn font_files<P: AsRef<Path>>(folders: &[P]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in folders {
        walk(folder.as_ref(), 0, &mut files);
    }
    files.sort();
    files.dedup();
    files
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(inside) = std::fs::read_dir(folder) else {
        return;
    };
    for path in inside.flatten().map(|e| e.path()) {
        if files.len() >= FILES_MAX {
            return;
        }
        if path.is_dir() {
            if depth < DEPTH_MAX {
                walk(&path, depth + 1, files);
            }
            continue;
        }
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        if ["ttf", "ttc", "otf", "otc"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
        {
            files.push(path);
        }
    }
}

/// The faces of a file that may be embedded and have outlines that a PDF can carry.
pub fn faces(bytes: &[u8], file: usize) -> Vec<Entry> {
    let count = ttf_parser::fonts_in_collection(bytes)
        .unwrap_or(1)
        .min(FACES_MAX);
    (0..count)
        .filter_map(|index| entry(bytes, index, file))
        .collect()
}

fn entry(bytes: &[u8], index: u32, file: usize) -> Option<Entry> {
    let face = Face::parse(bytes, index).ok()?;
    let has = |tag: &[u8; 4]| face.raw_face().table(Tag::from_bytes(tag)).is_some();
    // Pictures (coloured emoji) and CFF2 cannot be cut to their letters.
    if !(has(b"glyf") || has(b"CFF ")) {
        return None;
    }
    // A font that says it may not be embedded, or not in part, is left alone.
    if !face.is_outline_embedding_allowed() || !face.is_subsetting_allowed() {
        return None;
    }
    let family = face
        .names()
        .into_iter()
        .filter(|n| n.name_id == name_id::TYPOGRAPHIC_FAMILY || n.name_id == name_id::FAMILY)
        // The typographic family comes first: the plain one carries the weight in it.
        .max_by_key(|n| (n.name_id, n.to_string().is_some_and(|s| s.is_ascii())))
        .and_then(|n| n.to_string())
        .unwrap_or_default()
        .to_lowercase();
    Some(Entry {
        file,
        index,
        weight: face.weight().to_number(),
        italic: face.is_italic(),
        chinese: face.glyph_index(CHINESE).is_some(),
        family,
    })
}
