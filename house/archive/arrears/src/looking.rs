//! A room's arrears as they are looked at: the account, the diary, the holds and the letters,
//! their own words opened.

use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;

use crate::contact::Contact;
use crate::debts::{Debt, debts};
use crate::hold::Hold;
use crate::letter::Letter;
use crate::{Account, ArrearsError, sealing, store};

/// The account of a room, if it owes anything. It asks nobody's permission.
pub(crate) async fn any_account(
    house: &House,
    c: Community,
    room: Id,
) -> Result<Option<Account>, DbError> {
    house.db.optional(store::account(c, room)).await
}

/// The account of a room that owes.
///
/// # Errors
/// [`ArrearsError::NotFound`] for a room that is not there, [`ArrearsError::NothingOverdue`]
/// for one that owes nothing.
pub async fn account(house: &House, by: &Actor, room: Id) -> Result<Account, ArrearsError> {
    by.may(Permission::ArrearsRead)?;
    code(house, by.community, room).await?;
    let found = any_account(house, by.community, room).await?;
    found.ok_or(ArrearsError::NothingOverdue)
}

/// The code of a room.
pub(crate) async fn code(house: &House, c: Community, room: Id) -> Result<String, ArrearsError> {
    let found: Option<(String,)> = house.db.optional(store::room_code(c, room)).await?;
    Ok(found.ok_or(ArrearsError::NotFound)?.0)
}

/// One follow-up, its own words sealed still.
pub(crate) async fn contact(house: &House, by: &Actor, id: Id) -> Result<Contact, ArrearsError> {
    let asked = store::said::contact(by.community, id);
    let found: Option<Contact> = house.db.optional(asked).await?;
    found.ok_or(ArrearsError::NotFound)
}

/// Everything about one room.
pub struct Story {
    pub code: String,
    pub account: Option<Account>,
    /// By due day.
    pub debts: Vec<Debt>,
    pub overdue_fen: i64,
    /// The newest first, corrected ones too.
    pub contacts: Vec<Contact>,
    pub holds: Vec<Hold>,
    pub letters: Vec<Letter>,
}

impl Story {
    /// The hold that runs.
    pub fn held(&self, today: Date) -> Option<&Hold> {
        self.holds.iter().find(|h| h.runs(today))
    }
}

/// A room's arrears with their story, for the office.
pub async fn story(house: &House, by: &Actor, room: Id) -> Result<Story, ArrearsError> {
    by.may(Permission::ArrearsRead)?;
    told(house, by.community, room).await
}

/// The same for whoever asked for the right before.
pub(crate) async fn told(house: &House, c: Community, room: Id) -> Result<Story, ArrearsError> {
    let today = house.now().date();
    let code = code(house, c, room).await?;
    let open = fees::open_accounts(house, c, &[room]).await?;
    let debts = open.get(&room).map_or(Vec::new(), debts);
    let mut contacts: Vec<Contact> = house.db.all(store::said::of_room(c, room)).await?;
    let ring = house.keys.ring(c, &[room]).await?;
    for one in &mut contacts {
        one.said = ring.open_text(room, sealing::SAID, &one.said)?;
        one.answered = ring.open_text(room, sealing::ANSWERED, &one.answered)?;
    }
    let mut holds: Vec<Hold> = house.db.all(store::said::holds_of(c, room)).await?;
    open_holds(house, c, &mut holds).await?;
    Ok(Story {
        code,
        account: any_account(house, c, room).await?,
        debts,
        overdue_fen: fees::arrears_of(house, c, room, today).await?.total_fen(),
        contacts,
        holds,
        letters: house.db.all(store::letters::of_room(c, room)).await?,
    })
}

/// Opens what holds say.
pub(crate) async fn open_holds(
    house: &House,
    c: Community,
    holds: &mut [Hold],
) -> Result<(), ArrearsError> {
    let rooms: Vec<Id> = holds.iter().map(|h| h.room).collect();
    let ring = house.keys.ring(c, &rooms).await?;
    for hold in holds {
        hold.note = ring.open_text(hold.room, sealing::NOTE, &hold.note)?;
        hold.answer = ring.open_text(hold.room, sealing::ANSWER, &hold.answer)?;
    }
    Ok(())
}
