//! What doctor looks at on the machine itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Check;
use foundation::clock::Clock;
use foundation::house::Opening;

/// Below this the house may stop within days: pictures and backups need room.
const DISK_MIB_MIN: u64 = 1_024;
/// Below this it is time to make room.
const DISK_MIB_GOOD: u64 = 5 * 1_024;
/// Every write waits for the disk; a slower one is felt on every page that writes.
const FSYNC_MS_GOOD: i64 = 20;
/// How often the disk is asked.
const FSYNC_ROUNDS: i64 = 16;
/// A server with a thousand open pages needs as many, and files besides.
const OPEN_FILES_GOOD: u64 = 4_096;

pub fn fonts() -> Check {
    const MEND: &str =
        "apt-get install fonts-noto-cjk (labels, forms and PDF print Chinese with it)";
    let out = Command::new("fc-list")
        .args([":lang=zh", "family"])
        .output();
    let Ok(out) = out else {
        let mend = format!("apt-get install fontconfig; {MEND}");
        return Check::wanting(
            "fonts",
            "fc-list is not installed, no fonts can be found",
            mend,
        );
    };
    let families = String::from_utf8_lossy(&out.stdout).into_owned();
    let noto = families
        .lines()
        .find(|l| l.contains("Noto") && l.contains("CJK"));
    match (noto, families.lines().next()) {
        (Some(family), _) => Check::good("fonts", family.split(',').next().unwrap_or(family)),
        (None, Some(other)) => Check::advice("fonts", format!("only {other}"), MEND),
        (None, None) => Check::wanting("fonts", "no Chinese font", MEND),
    }
}

pub fn clock() -> Check {
    if Path::new("/run/systemd/timesync/synchronized").exists() {
        return Check::good("clock", "kept by the network");
    }
    let out = Command::new("timedatectl")
        .args(["show", "-p", "NTPSynchronized", "--value"])
        .output();
    if out.is_ok_and(|o| o.stdout.starts_with(b"yes")) {
        return Check::good("clock", "kept by the network");
    }
    Check::advice(
        "clock",
        "nothing shows that the clock is kept by the network",
        "timedatectl set-ntp true (deadlines and the ledger's times depend on it)",
    )
}

/// The nearest folder that is there, where a file may still come to be.
fn existing(path: &Path) -> PathBuf {
    let mut at = path;
    while !at.exists() {
        at = match at.parent() {
            Some(up) if !up.as_os_str().is_empty() => up,
            _ => return PathBuf::from("."),
        };
    }
    at.to_owned()
}

pub fn disk(dir: &Path) -> Check {
    // POSIX promises this form: a heading, then one line with KiB free in its fourth column.
    let out = Command::new("df").arg("-Pk").arg(existing(dir)).output();
    let text = out
        .map(|o| String::from_utf8_lossy(&o.stdout).into_owned())
        .unwrap_or_default();
    let line = text.lines().nth(1).unwrap_or_default();
    let mut columns = line.split_whitespace().skip(3);
    let Some(free) = columns.next().and_then(|n| n.parse::<u64>().ok()) else {
        return Check::advice(
            "disk",
            "df does not say how much is free",
            "look at the disk by hand",
        );
    };
    let mib = free / 1_024;
    let found = format!("{mib} MiB free in {}", dir.display());
    let mend = "make room, or move the data to a larger disk";
    match mib {
        0..DISK_MIB_MIN => Check::wanting("disk", found, mend),
        DISK_MIB_MIN..DISK_MIB_GOOD => Check::advice("disk", found, mend),
        _ => Check::good("disk", found),
    }
}

pub fn fsync(dir: &Path, clock: &dyn Clock) -> Check {
    let path = existing(dir).join(format!(".doctor-{}", std::process::id()));
    let measured = measure(&path, clock);
    // Ours alone; if it cannot be removed the next line says why the folder is bad.
    let removed = std::fs::remove_file(&path);
    match measured.and_then(|ms| removed.map(|()| ms)) {
        Err(e) => Check::wanting(
            "fsync",
            format!("{} cannot be written: {e}", dir.display()),
            "give the user that runs linli the right to write there",
        ),
        Ok(ms) if ms <= FSYNC_MS_GOOD => Check::good("fsync", format!("{ms} ms a write")),
        Ok(ms) => Check::advice(
            "fsync",
            format!("{ms} ms a write"),
            "put the data on a solid-state disk; every acknowledged write waits for it",
        ),
    }
}

fn measure(path: &Path, clock: &dyn Clock) -> std::io::Result<i64> {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path)?;
    let start = clock.now();
    for _ in 0..FSYNC_ROUNDS {
        file.write_all(&[0; 4_096])?;
        file.sync_data()?;
    }
    Ok((clock.now().0 - start.0) / FSYNC_ROUNDS)
}

pub fn open_files() -> Check {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|l| l.starts_with("Max open files"));
    let soft = line.and_then(|l| l.split_whitespace().nth(3));
    match soft.map(|s| (s, s.parse::<u64>())) {
        Some((_, Ok(n))) if n < OPEN_FILES_GOOD => Check::advice(
            "ulimit",
            format!("{n} open files"),
            format!(
                "LimitNOFILE={OPEN_FILES_GOOD} in the service's unit, or ulimit -n {OPEN_FILES_GOOD}"
            ),
        ),
        Some((text, _)) => Check::good("ulimit", format!("{text} open files")),
        None => Check::good("ulimit", "this system sets no limit that is known"),
    }
}

/// Where the site key lies: within the data it protects nothing.
pub fn site_key(opening: &Opening) -> Check {
    let name = std::fs::read_to_string(opening.data_dir.join("installation"));
    let source = opening.key_source(name.as_deref().map_or("", str::trim));
    let Some(file) = source.file() else {
        return Check::good("keys", "the site key is a passphrase, given at start");
    };
    let shown = file.display();
    if name.is_err() && !file.exists() {
        return Check::advice("keys", "none yet", "the first start makes the site key");
    }
    if !file.exists() {
        return Check::wanting(
            "keys",
            format!("the site key {shown} is missing"),
            "put the file back from the escrow, or name it with --key-file",
        );
    }
    let real = |p: &Path| std::fs::canonicalize(p).unwrap_or_else(|_| p.to_owned());
    if real(file).starts_with(real(&opening.data_dir)) {
        return Check::wanting(
            "keys",
            format!(
                "the site key lies inside the data folder ({shown}): whoever takes the disk or \
                 copies the folder reads everything; the promise about a stolen disk does not hold here"
            ),
            "move the file elsewhere and name it with --key-file",
        );
    }
    #[cfg(unix)]
    if let Ok(data) = std::fs::metadata(file) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = data.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Check::wanting(
                "keys",
                format!("others may read the site key {shown} (mode {mode:o})"),
                format!("chmod 600 {shown}"),
            );
        }
    }
    Check::good(
        "keys",
        format!("the site key lies outside the data, in {shown}"),
    )
}
