//! The style sheet keeps its promises: contrast, one dark theme, nothing inline, small transfers.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use axum::body::to_bytes;
use axum::extract::Path as RoutePath;
use axum::http::{HeaderMap, StatusCode};

use foundation::page::{Frame, Lang, Words, assets, problem};

fn read(path: &str) -> String {
    fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(path),
    )
    .expect("the file exists")
}

/// The custom properties of the block that follows a selector.
fn tokens(css: &str, selector: &str) -> BTreeMap<String, String> {
    let start = css.find(selector).expect("the selector exists") + selector.len();
    let block = &css[start..start + css[start..].find('}').expect("the block ends")];
    let declared = block
        .split([';', '{'])
        .filter_map(|part| part.trim().split_once(':'));
    let named = declared.filter(|(name, _)| name.starts_with("--"));
    named
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

/// Relative luminance, WCAG 2.2.
fn luminance(colour: &str) -> f64 {
    let channel = |place: usize| {
        let value = u8::from_str_radix(&colour[1 + place * 2..3 + place * 2], 16);
        let value = f64::from(value.expect("colours of text are six hex digits")) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_text_stands_at_seven_to_one_in_light_and_dark() {
    crate::furnish();
    let css = read("assets/css/linli.css");
    let light = tokens(&css, "\n  :root {");
    let dark = tokens(&css, ":root[data-theme=\"dark\"] {");
    let grounds = ["--paper", "--surface", "--sunk", "--accent-soft"];
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for ground in grounds {
        pairs.extend([
            ("--ink", ground),
            ("--ink-soft", ground),
            ("--accent", ground),
        ]);
    }
    for tone in ["done", "waiting", "overdue", "info"] {
        let (text, soft) = match tone {
            "done" => ("--done", "--done-soft"),
            "waiting" => ("--waiting", "--waiting-soft"),
            "overdue" => ("--overdue", "--overdue-soft"),
            _ => ("--info", "--info-soft"),
        };
        pairs.extend([(text, soft), (text, "--surface"), (text, "--paper")]);
    }
    pairs.extend([
        ("--on-accent", "--accent"),
        ("--on-accent", "--accent-strong"),
    ]);
    for (name, theme) in [("light", light), ("dark", dark)] {
        for (text, ground) in &pairs {
            let ratio = contrast(&theme[*text], &theme[*ground]);
            assert!(ratio >= 7.0, "{name}: {text} on {ground} is {ratio:.2}");
        }
    }
}

#[test]
fn a_dark_device_sees_the_same_dark_as_the_switch() {
    crate::furnish();
    let css = read("assets/css/linli.css");
    let device = tokens(&css, ":root[data-theme=\"auto\"] {");
    assert_eq!(tokens(&css, ":root[data-theme=\"dark\"] {"), device);
}

#[test]
fn no_template_holds_inline_style_or_script_or_another_host() {
    crate::furnish();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("templates can be read") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("templates are UTF-8");
            for forbidden in [
                " style=",
                "<style",
                "<script>",
                " onclick=",
                " onload=",
                "src=\"http",
            ] {
                assert!(!text.contains(forbidden), "{}: {forbidden}", path.display());
            }
        }
    }
}

#[test]
fn every_icon_that_a_template_or_a_part_names_is_drawn() {
    crate::furnish();
    let sprite = read("assets/icons/icons.svg");
    for template in ["ui", "fields", "table"] {
        let text = read(&format!("templates/components/{template}.html"));
        for call in text.split("icon(\"").skip(1) {
            let name = call.split('"').next().unwrap_or_default();
            assert!(sprite.contains(&format!("id=\"{name}\"")), "no icon {name}");
        }
    }
}

#[test]
fn the_assets_of_a_first_load_stay_small() {
    crate::furnish();
    // The page's own HTML, some 10 KB plain, and the icons of the tab come on top.
    const FIRST_LOAD_BYTES_MAX: usize = 60 * 1024;
    let size = |name: &str, encoding: &str| {
        let path = assets::path(name);
        let hash = path
            .split('/')
            .nth(2)
            .expect("the path holds a hash")
            .to_owned();
        let mut headers = HeaderMap::new();
        headers.insert("accept-encoding", encoding.parse().expect("it is ASCII"));
        let serve = assets::serve(RoutePath((hash, name.to_owned())), headers);
        let response =
            futures_util::future::FutureExt::now_or_never(serve).expect("it waits for nothing");
        assert_eq!(response.status(), StatusCode::OK);
        assert!(
            response.headers()["cache-control"]
                .to_str()
                .is_ok_and(|v| v.contains("immutable"))
        );
        assert_eq!(
            response.headers().contains_key("content-encoding"),
            encoding != "identity"
        );
        let body = to_bytes(response.into_body(), usize::MAX);
        futures_util::future::FutureExt::now_or_never(body)
            .expect("it is in memory")
            .expect("it is whole")
            .len()
    };
    for encoding in ["gzip, deflate", "br, gzip"] {
        let names = ["linli.css", "linli.js", "icons.svg", "favicon.svg"];
        let total: usize = names.iter().map(|name| size(name, encoding)).sum();
        println!("{encoding}: {total} bytes");
        assert!(total < FIRST_LOAD_BYTES_MAX);
    }
}

#[test]
fn every_problem_page_says_what_to_do_next_in_every_language() {
    crate::furnish();
    for lang in Lang::ALL {
        for status in [401, 403, 404, 409, 413, 415, 422, 429, 500, 503] {
            let status = StatusCode::from_u16(status).expect("it is a status");
            let frame = Frame {
                words: Words::new(lang),
                ..Frame::default()
            };
            let response = problem::page(frame, status);
            assert_eq!(response.status(), status);
            let body = to_bytes(response.into_body(), usize::MAX);
            let body = futures_util::future::FutureExt::now_or_never(body)
                .expect("it is in memory")
                .expect("it is whole");
            let body = String::from_utf8(body.to_vec()).expect("pages are UTF-8");
            assert!(body.contains(&format!("lang=\"{}\"", lang.tag())));
            // A key on the page is a word that is missing.
            assert!(
                !body.contains("problem-4") && !body.contains("problem-5"),
                "{lang:?} {status}"
            );
        }
    }
}
