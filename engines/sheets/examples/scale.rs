//! Reads a roster of 100,000 rooms and compares with a bare parse of the same file by calamine:
//! seconds and peak memory of each, and their ratio. Each runs in a process of its own, because a
//! process's peak never falls.
//!
//! `cargo run --profile dist -p sheets --example scale -- [ROWS] [FOLDER]`

#![allow(clippy::disallowed_methods)] // it measures

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use calamine::{Reader, Xlsx};
use rust_xlsxwriter::{Workbook, XlsxError};
use sheets::{Layout, Limits, guess, open_path};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["measure", what, path] => measure(what, Path::new(path)),
        rest => compare(rest),
    }
}

fn compare(arguments: &[&str]) -> Result<(), Failure> {
    let rows: u32 = arguments.first().map_or(Ok(100_000), |r| r.parse())?;
    let folder = arguments
        .get(1)
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let path = folder.join(format!("scale-{}.xlsx", std::process::id()));
    write(&path, rows)?;
    println!("{rows} rows, {} bytes", std::fs::metadata(&path)?.len());
    let mut figures = Vec::new();
    for what in ["calamine", "sheets"] {
        let output = Command::new(std::env::current_exe()?)
            .args(["measure", what])
            .arg(&path)
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        print!("{text}");
        let mut words = text
            .split_whitespace()
            .skip(1)
            .step_by(2)
            .map(str::parse::<f64>);
        let (Some(Ok(seconds)), Some(Ok(megabytes))) = (words.next(), words.next()) else {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        };
        figures.push((seconds, megabytes));
    }
    std::fs::remove_file(&path)?;
    let [(base_time, base_memory), (time, memory)] = figures[..] else {
        return Err("two figures are expected".into());
    };
    println!(
        "ratio: time {:.2}, memory {:.2}",
        time / base_time,
        memory / base_memory
    );
    Ok(())
}

fn measure(what: &str, path: &Path) -> Result<(), Failure> {
    let start = Instant::now();
    let count = if what == "calamine" {
        bare(path)?
    } else {
        whole(path)?
    };
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{what} {seconds:.3} s {:.1} MB peak, {count} rows",
        peak_megabytes()
    );
    Ok(())
}

/// Every sheet as calamine's range of values.
fn bare(path: &Path) -> Result<usize, Failure> {
    let mut book: Xlsx<_> = calamine::open_workbook(path)?;
    let mut rows = 0;
    for name in book.sheet_names() {
        rows += book.worksheet_range(&name)?.height();
    }
    Ok(rows)
}

/// Bounds, guess and every row typed and checked, one at a time as an importer takes them.
fn whole(path: &Path) -> Result<usize, Failure> {
    let book = open_path(path, &Limits::default())?;
    let mut rows = 0;
    for sheet in &book.sheets {
        let mapping = guess(sheet, Layout::Roster);
        for line in mapping.roster(sheet) {
            rows += usize::from(line.row.is_some());
            if let Some(fault) = line.faults.first() {
                return Err(format!("row {}: {}", fault.row, fault.reason).into());
            }
        }
    }
    Ok(rows)
}

fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|l| l.starts_with("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|k| k.parse::<f64>().ok())
        .unwrap_or(f64::NAN)
        / 1024.0
}

fn write(path: &Path, rows: u32) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in [
        "楼栋",
        "单元",
        "房号",
        "建筑面积",
        "楼层",
        "用途",
        "状态",
        "入住时间",
        "业主",
        "电话",
        "身份证号",
        "备注",
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write(0, column as u16, text)?;
    }
    for n in 0..rows {
        let (building, unit, number) = (
            n / 200 + 1,
            n / 100 % 2 + 1,
            (n % 100 / 4 + 1) * 100 + n % 4 + 1,
        );
        let row = n + 1;
        sheet.write(row, 0, building)?;
        sheet.write(row, 1, unit)?;
        sheet.write(row, 2, number)?;
        sheet.write(row, 3, f64::from(6_000 + n % 9_000) / 100.0)?;
        sheet.write(row, 4, number / 100)?;
        sheet.write(row, 5, "住宅")?;
        sheet.write(row, 6, "自住")?;
        sheet.write(
            row,
            7,
            format!("20{:02}-{:02}-{:02}", n % 24, 1 + n % 12, 1 + n % 28),
        )?;
        let given = char::from_u32(0x4e00 + n % 20_000).unwrap_or('安');
        sheet.write(
            row,
            8,
            if n % 5 == 0 {
                format!("王{given}、李{given}")
            } else {
                format!("王{given}")
            },
        )?;
        sheet.write(
            row,
            9,
            if n % 5 == 0 {
                format!("137{:08}、138{:08}", n + 1, n + 2)
            } else {
                format!("137{:08}", n + 1)
            },
        )?;
        let first = format!(
            "440000{}{:02}{:02}{:03}",
            1950 + n % 50,
            1 + n % 12,
            1 + n % 28,
            n % 999 + 1
        );
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: u32 = first
            .bytes()
            .zip(weights)
            .map(|(b, w)| u32::from(b - b'0') * w)
            .sum();
        sheet.write(
            row,
            10,
            format!("{first}{}", char::from(b"10X98765432"[(sum % 11) as usize])),
        )?;
        if n % 10 == 0 {
            sheet.write(row, 11, format!("備註{n}"))?;
        }
    }
    book.save(path)
}
