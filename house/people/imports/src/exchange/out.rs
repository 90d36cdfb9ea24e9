//! The lists that go out: written beside their old versions and put in their place whole,
//! so that the other system never reads half of one.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::aside;
use crate::ImportError;
use fees::exchange::OUT;
use fees::exchange_out::{BALANCES_HEAD, BILLS_HEAD, part};
use foundation::database::Community;
use foundation::house::House;

/// A list on its way.
struct List {
    out: csv::Writer<BufWriter<File>>,
    beside: PathBuf,
    place: PathBuf,
}

impl List {
    fn begin(folder: &Path, name: &str, head: &[&str]) -> io::Result<List> {
        let place = folder.join(OUT).join(name);
        let beside = place.with_extension("csv.new");
        let mut file = BufWriter::new(File::create(&beside)?);
        // The mark by which Excel knows UTF-8.
        file.write_all(&[0xEF, 0xBB, 0xBF])?;
        let mut out = csv::Writer::from_writer(file);
        out.write_record(head)?;
        Ok(List { out, beside, place })
    }

    fn row(&mut self, cells: &[String]) -> io::Result<()> {
        let harmless = cells.iter().map(|c| super::super::remarks::harmless(c));
        Ok(self.out.write_record(harmless)?)
    }

    fn finish(self) -> io::Result<()> {
        let file = self.out.into_inner().map_err(|e| e.into_error())?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&self.beside, &self.place)
    }
}

/// Lays bills and balances out; how many bills.
pub(super) async fn lay_out(
    house: &House,
    c: Community,
    folder: &Path,
) -> Result<u64, ImportError> {
    let place = folder.to_owned();
    let (mut bills, mut balances) = aside(move || {
        let bills = List::begin(&place, "bills.csv", &BILLS_HEAD)?;
        Ok((bills, List::begin(&place, "balances.csv", &BALANCES_HEAD)?))
    })
    .await?;
    let (mut after, mut laid) = ((Vec::new(), String::new()), 0);
    loop {
        let part = part(house, c, &after).await?;
        laid += part.bills.len() as u64;
        (bills, balances) = aside(move || {
            for row in &part.bills {
                bills.row(row)?;
            }
            for row in &part.balances {
                balances.row(row)?;
            }
            Ok((bills, balances))
        })
        .await?;
        match part.next {
            Some(next) => after = next,
            None => break,
        }
    }
    aside(move || {
        bills.finish()?;
        balances.finish()
    })
    .await?;
    Ok(laid)
}
