//! Where a complaint goes that the company does not answer, or is itself about: 業主委員會, then
//! 居民委員會, then the department in charge (物業管理條例 48). Who is outside of this house reads
//! it on paper.

use foundation::database::Look as _;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use crate::calendar::Office;
use crate::log::{self, Draft, Note};
use crate::looking;
use crate::states::Hand;
use crate::ticket::{Ticket, Veil};
use crate::words::{Kind, Outside};
use crate::{Refused, events, moving, sealing, store, words_of};

/// Whether somebody may take a complaint to the next body: who complained, or those outside
/// with whom it lies.
pub fn may_forward(by: &Actor, t: &Ticket) -> bool {
    let next = t.outside.map_or(Some(Outside::Committee), Outside::next);
    let theirs = looking::is_reporter(by, t)
        || (t.veil == Veil::Outside && looking::hands(by, t).contains(&Hand::Office));
    t.kind == Kind::Complaint && next.is_some() && !t.state.is_over() && theirs
}

/// Takes a complaint to the next body outside.
pub async fn forward(house: &House, by: &Actor, id: Id, words: &str) -> Result<Outside, Refused> {
    let c = by.community;
    let account = by.account.ok_or(Refused::NotFound)?;
    let t = looking::ticket(house, by, id).await?;
    if !may_forward(by, &t) {
        return Err(Refused::NotFound);
    }
    let text = words_of(words)?;
    let by_name = accounts::name_of(house, account).await?;
    let words = house
        .keys
        .seal_words(c, t.whose, sealing::STEP, &text)
        .await?;
    let office = Office::of(house, c).await?;
    let reporter = looking::is_reporter(by, &t);
    let (who, digest) = looking::who(house, by, t.veil, reporter);
    let by = by.clone();
    house
        .write(c, &who, move |mut tx| {
            let found: Option<Ticket> = tx.optional(store::ticket(c, id))?;
            let mut t = found.ok_or(Refused::NotFound)?;
            if !may_forward(&by, &t) {
                return Err(Refused::Again);
            }
            let next = t.outside.map_or(Some(Outside::Committee), Outside::next);
            let next = next.ok_or(Refused::Again)?;
            t.outside = Some(next);
            let hand = if reporter {
                Hand::Reporter
            } else {
                Hand::Office
            };
            let draft = Draft {
                act: Note::Outside.word(),
                by_account: Some(account),
                by_name,
                hand: hand.word(),
                public: true,
                words,
                ..Draft::default()
            };
            log::write_in(&mut tx, c, id, t.state, draft)?;
            moving::keep_in(&mut tx, c, &mut t, &office)?;
            let event = Event::new(events::OUTSIDE)
                .about("ticket", id)
                .to(Audience::Staff)
                .with("to", next.word())
                .with_some("reporter", digest);
            Ok(tx.record(event, next)?)
        })
        .await
}

/// What the clock does when nobody answered for three times what was promised.
pub(crate) fn overdue(t: &mut Ticket) {
    if t.kind != Kind::Complaint {
        return;
    }
    let next = t.outside.map_or(Some(Outside::Committee), Outside::next);
    t.outside = next.or(t.outside);
}
