//! Makes what the binary carries with it: the words in three languages and the packed assets.
//!
//! Simplified Chinese is converted from the Traditional files, so that every sentence is written once.
//! Assets are hashed (for immutable caching) and compressed here, so that no request pays for it.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

/// What is served under `/assets`: name in the address, file, media type.
const ASSETS: [(&str, &str, &str); 19] = [
    ("linli.css", "css", "text/css; charset=utf-8"),
    ("linli.js", "linli.js", "text/javascript; charset=utf-8"),
    ("group.js", "group.js", "text/javascript; charset=utf-8"),
    ("viewer.js", "viewer.js", "text/javascript; charset=utf-8"),
    ("census.js", "census.js", "text/javascript; charset=utf-8"),
    ("desk.js", "desk.js", "text/javascript; charset=utf-8"),
    ("papers.js", "papers.js", "text/javascript; charset=utf-8"),
    ("viewing.js", "viewing.js", "text/javascript; charset=utf-8"),
    (
        "covering.js",
        "covering.js",
        "text/javascript; charset=utf-8",
    ),
    ("passkey.js", "passkey.js", "text/javascript; charset=utf-8"),
    ("push.js", "push.js", "text/javascript; charset=utf-8"),
    ("icons.svg", "icons/icons.svg", "image/svg+xml"),
    ("favicon.svg", "icons/favicon.svg", "image/svg+xml"),
    ("sw.js", "sw.js", "text/javascript; charset=utf-8"),
    ("icon-192.png", "icons/icon-192.png", "image/png"),
    ("icon-512.png", "icons/icon-512.png", "image/png"),
    ("icon-mask-512.png", "icons/icon-mask-512.png", "image/png"),
    (
        "icon-touch-180.png",
        "icons/icon-touch-180.png",
        "image/png",
    ),
    ("badge-96.png", "icons/badge-96.png", "image/png"),
];

fn main() {
    let root = PathBuf::from("../..")
        .canonicalize()
        .expect("the workspace is two above the crate");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    for watched in ["words", "assets"] {
        println!("cargo:rerun-if-changed={}", root.join(watched).display());
    }
    println!("cargo:rerun-if-changed=build.rs");
    write_words(&root.join("words"), &out);
    write_assets(&root.join("assets"), &out);
}

fn write_words(words: &Path, out: &Path) {
    let converter = OpenCC::from_config(BuiltinConfig::T2s).expect("the dictionary is built in");
    let overrides = read_overrides(&words.join("zh-Hans-overrides.txt"));
    let hant = read_folder(&words.join("zh-Hant"));
    let hans = hant.iter().map(|(name, text)| {
        let text = overrides
            .iter()
            .fold(converter.convert(text), |text, (from, to)| {
                text.replace(from, to)
            });
        (name.clone(), text)
    });
    let mut source = String::new();
    for (constant, files) in [
        ("ZH_HANT", hant.clone()),
        ("ZH_HANS", hans.collect()),
        ("EN", read_folder(&words.join("en"))),
    ] {
        source += &format!("pub const {constant}: Files = &[\n");
        for (name, text) in files {
            source += &format!("    ({name:?}, {text:?}),\n");
        }
        source += "];\n";
    }
    fs::write(out.join("words.rs"), source).expect("OUT_DIR is writable");
}

fn read_folder(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the words folder exists")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|end| end == "ftl"))
        .map(|path| {
            let name = path
                .file_stem()
                .expect("it has a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(&path).expect("words are UTF-8"))
        })
        .collect();
    files.sort();
    files
}

/// Lines of `from = to`, applied to the converted text from top to bottom.
fn read_overrides(file: &Path) -> Vec<(String, String)> {
    fs::read_to_string(file)
        .expect("the override list exists")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let (from, to) = line.split_once('=').expect("an override reads `from = to`");
            (from.trim().to_owned(), to.trim().to_owned())
        })
        .collect()
}

fn write_assets(assets: &Path, out: &Path) {
    let mut source = String::from("pub static ASSETS: &[Asset] = &[\n");
    for (name, file, media) in ASSETS {
        let plain = joined(&assets.join(file));
        let path = out.join(name);
        fs::write(&path, &plain).expect("OUT_DIR is writable");
        // A cache key, not a seal: the hash only has to change when the file does.
        let mut hasher = DefaultHasher::new();
        plain.hash(&mut hasher);
        let hash = format!("{:016x}", hasher.finish());
        fs::write(out.join(format!("{name}.br")), brotli(&plain)).expect("OUT_DIR is writable");
        fs::write(out.join(format!("{name}.gz")), gzip(&plain)).expect("OUT_DIR is writable");
        source += &format!(
            "    Asset {{ name: {name:?}, media: {media:?}, hash: {hash:?}, path: \"/assets/{hash}/{name}\",\n        \
             plain: include_bytes!({path:?}),\n        \
             brotli: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.br\")),\n        \
             gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")) }},\n"
        );
    }
    source += "];\n";
    fs::write(out.join("assets.rs"), source).expect("OUT_DIR is writable");
}

/// A file, or the files of a folder one after another: the look of the house first
/// (`linli.css`, and the frame around every page), then each wing's.
fn joined(path: &Path) -> Vec<u8> {
    if path.is_file() {
        return fs::read(path).expect("every asset exists");
    }
    let mut files: Vec<PathBuf> = fs::read_dir(path)
        .expect("every asset exists")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort_by_key(|file| {
        let first = file.ends_with("linli.css");
        (!first, !file.ends_with("frame.css"), file.clone())
    });
    let parts = files
        .iter()
        .map(|file| fs::read(file).expect("a readable file"));
    parts.collect::<Vec<_>>().join(&b'\n')
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams {
        quality: 11,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &plain[..], &mut packed, &settings).expect("memory takes it");
    packed
}

/// Browsers accept Brotli only over TLS; an office's plain HTTP needs this one.
fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}
