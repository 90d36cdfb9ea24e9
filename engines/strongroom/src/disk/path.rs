//! Paths inside a store: plain names joined by `/`, nothing that leads out of it.

use std::io;

/// Refuses a path that is absolute, climbs, is empty, or holds what some system reads as
/// more than a name.
///
/// # Errors
/// `InvalidInput` naming the path.
pub fn safe(path: &str) -> io::Result<&str> {
    let bad = |name: &str| {
        name.is_empty()
            || name == "."
            || name == ".."
            || name.len() > 255
            || name.contains(['\\', ':', '\0'])
            || name.chars().any(char::is_control)
    };
    // The one colon of the trade stands in no file name of ours; Windows reads it as a stream.
    if path.len() > 4_096 || path.split('/').any(bad) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("not a path inside the store: {path:?}"),
        ));
    }
    Ok(path)
}

/// `folder/name`; the empty folder is the top.
pub fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

/// The folder a path lies in; empty for the top.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out_of_the_store() {
        for bad in [
            "",
            "/etc/passwd",
            "..",
            "a/../b",
            "a//b",
            "a/",
            "./a",
            "a\\b",
            "c:x",
            "a\0",
        ] {
            assert!(safe(bad).is_err(), "{bad:?}");
        }
        for good in [
            "0=ocfl_1.1",
            "v1/content/meta.json.age",
            "README-如何在沒有本軟件時讀取.md",
        ] {
            assert!(safe(good).is_ok(), "{good:?}");
        }
    }
}
