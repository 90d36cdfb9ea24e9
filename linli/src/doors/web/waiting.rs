//! What waits behind the entries of the office's bar, for the reader who is to do it.

use accounts::reset;
use foundation::database::DbError;
use foundation::house::House;
use permissions::Permission;
use permissions::actor::Actor;

/// How much waits at an address of the bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting(Vec<(&'static str, u32)>);

impl Waiting {
    /// Asks the rooms. A few small questions for a page of the office, none for others.
    pub async fn of_office(house: &House, actor: &Actor) -> Result<Waiting, DbError> {
        let mut found = Vec::new();
        if actor.has(Permission::MembershipRead) {
            let n = membership::view::waiting(house, actor.community).await?;
            found.push(("/c/{c}/applications", n));
        }
        if actor.has(Permission::AccountReset) {
            let n = reset::waiting_for(house, actor).await?;
            found.push(("/c/{c}/resets", n));
        }
        if actor.has(Permission::ArchiveRead) {
            let mut n = forms::cases::looking::waiting(house, actor.community).await?;
            if actor.has(Permission::ArchiveFile) {
                n += dossiers::listing::waiting_for(house, actor).await?;
            }
            found.push(("/c/{c}/files", n));
        }
        if actor.has(Permission::ChangesCheck) {
            let n = changes::listing::waiting_few(house, actor.community).await?;
            found.push(("/c/{c}/changes", n));
        }
        if actor.has(Permission::AssistantWrite) {
            let n = assistant::work::count_waiting(house, actor.community).await?;
            found.push(("/c/{c}/assistant", n));
        }
        if actor.has(Permission::FeesRead) {
            let n = fees::waiting_for(house, actor).await?;
            found.push(("/c/{c}/fees", n));
        }
        if actor.has(Permission::ArrearsRead) {
            let n = arrears::listing::waiting(house, actor).await?;
            found.push(("/c/{c}/arrears", n));
        }
        if actor.has(Permission::DeskHandle) {
            let n = desk::listing::waiting(house, actor).await?;
            found.push(("/c/{c}/desk", n));
        }
        if actor.has(Permission::ViewingAsk) {
            let n = viewings::listing::waiting_for(house, actor).await?;
            found.push(("/c/{c}/viewings", n));
        }
        Ok(Waiting(found))
    }

    pub fn of(&self, path: &str) -> u32 {
        self.0
            .iter()
            .find(|(p, _)| *p == path)
            .map_or(0, |(_, n)| *n)
    }
}
