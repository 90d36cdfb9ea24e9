//! The ledger as it goes into a succession's bag: a compound's log with its signed head, and the
//! proof of the event by which a second person let it begin.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;

use foundation::database::Community;
use foundation::house::House;
use successions::write::Ledger;

use super::{exporting, proving};

/// Where the proof lies beside the log.
const PROOF: &str = "confirmed.tlog-proof";
const LOG: &str = "log";

/// The house's own ledger.
pub struct Log;

impl Ledger for Log {
    fn write<'a>(
        &'a self,
        house: &'a House,
        c: Community,
        confirmed: i64,
        into: &'a Path,
    ) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            // Apart from the proof: the log's own manifest names every file beside it.
            exporting::written(house, &into.join(LOG), Some(c))
                .await
                .map_err(|e| e.to_string())?;
            let seq = u64::try_from(confirmed).unwrap_or(0);
            let proof = proving::inclusion(house, c, seq).await;
            let text = proof.map_err(|e| e.to_string())?.text();
            tokio::fs::write(into.join(PROOF), text)
                .await
                .map_err(|e| e.to_string())
        })
    }
}
