//! A roster as an office keeps it, of any size: rooms with owners, phones, identity
//! numbers and plates. All invented.

use rust_xlsxwriter::{Workbook, XlsxError};

/// One household of the roster.
#[derive(Clone, Debug)]
pub struct Home {
    pub building: u32,
    pub unit: u32,
    pub number: u32,
    pub owner: String,
    pub phone: String,
    pub plate: String,
}

impl Home {
    /// The `n`th, from 0.
    pub fn nth(n: u32) -> Home {
        let surnames = ["王", "李", "張", "劉", "陳", "楊", "趙", "黃", "周", "吳"];
        let given = |n: u32| char::from_u32(0x4e00 + n % 20_000).unwrap_or('安');
        Home {
            building: n / 200 + 1,
            unit: n / 100 % 2 + 1,
            number: (n % 100 / 4 + 1) * 100 + n % 4 + 1,
            owner: format!("{}{}", surnames[n as usize % 10], given(n * 7)),
            phone: format!("137{:08}", (u64::from(n) * 7_919 + 1) % 100_000_000),
            plate: format!("粤B{:05}", n % 100_000),
        }
    }

    /// As an owner types it.
    pub fn code(&self) -> String {
        format!("{}-{}-{}", self.building, self.unit, self.number)
    }
}

/// An identity number with its check digit.
fn document(n: u32) -> String {
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
    format!("{first}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// The spreadsheet of so many rooms.
pub fn book(rooms: u32) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let headings = [
        "楼栋",
        "单元",
        "房号",
        "建筑面积",
        "用途",
        "业主",
        "电话",
        "身份证号",
        "车牌号",
    ];
    for (column, heading) in headings.iter().enumerate() {
        sheet.write(0, column as u16, *heading)?;
    }
    for n in 0..rooms {
        let (row, home) = (n + 1, Home::nth(n));
        sheet.write(row, 0, home.building)?;
        sheet.write(row, 1, home.unit)?;
        sheet.write(row, 2, home.number)?;
        sheet.write(row, 3, f64::from(6_000 + n % 9_000) / 100.0)?;
        sheet.write(row, 4, "住宅")?;
        sheet.write(row, 5, &home.owner)?;
        sheet.write(row, 6, &home.phone)?;
        sheet.write(row, 7, document(n))?;
        if n % 3 == 0 {
            sheet.write(row, 8, &home.plate)?;
        }
    }
    book.save_to_buffer()
}
