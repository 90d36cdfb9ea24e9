//! Telling colleagues that something waits for them: a short message without a name or a room,
//! put into the outbox with the act itself.

use std::collections::BTreeSet;

use accounts::staff;
use foundation::clock::DAY;
use foundation::database::{Community, DbError, Tx};
use foundation::house::House;
use foundation::ids::Id;
use outbox::{Letter, Reachable, Recipient, Way};
use permissions::Role;

use crate::states::{Effect, State};
use crate::viewing::Viewing;
use crate::{Way as By, deputy, store};

/// What is not sent within a day is read at the desk.
const EXPIRES_AFTER: i64 = DAY;

/// Who is told, looked up before the write.
pub struct Tell {
    deciders: BTreeSet<Id>,
    company: BTreeSet<Id>,
    registrars: BTreeSet<Id>,
    reachable: Reachable,
    ids: Vec<Id>,
}

impl Tell {
    /// Those of a compound, and the one who asked.
    pub async fn of(house: &House, c: Community, asker: Id) -> Result<Tell, DbError> {
        let now = house.now();
        let mut deciders = BTreeSet::new();
        let mut company = BTreeSet::new();
        let mut registrars = BTreeSet::new();
        let roles = [Role::Manager, Role::Host, Role::Specialist];
        for one in staff::holders(house, c, &roles).await? {
            let to = match one.role {
                Role::Manager => &mut deciders,
                Role::Host => &mut company,
                _ => &mut registrars,
            };
            if one.active {
                to.insert(one.id);
            }
        }
        let deputies: Vec<deputy::Deputy> = house.db.all(store::people::deputies(c, now)).await?;
        let held = deputies.iter().filter(|d| d.holds(now));
        deciders.extend(held.map(|d| d.account));
        let mut all: Vec<Id> = deciders
            .iter()
            .chain(&company)
            .chain(&registrars)
            .copied()
            .collect();
        all.push(asker);
        Ok(Tell {
            reachable: outbox::reachable(house, c, &all).await?,
            deciders,
            company,
            registrars,
            ids: (0..4).map(|_| house.id()).collect(),
        })
    }

    /// Puts what an effect tells into the outbox.
    pub fn carry(&mut self, tx: &mut Tx<'_>, v: &Viewing, effect: Effect) -> Result<(), DbError> {
        let asker = BTreeSet::from([v.asker]);
        let to = match effect {
            Effect::TellDeciders => &self.deciders,
            Effect::TellCompany => &self.company,
            Effect::TellRegistrars => &self.registrars,
            Effect::TellAsker => &asker,
            _ => return Ok(()),
        };
        let urgent = v.way == By::Emergency;
        let ways = |account: &Id| {
            [Way::Push, Way::Mail]
                .into_iter()
                .find(|way| self.reachable.has(*account, *way))
        };
        let to: Vec<(Id, Way)> = to.iter().filter_map(|a| Some((*a, ways(a)?))).collect();
        let (false, Some(id)) = (to.is_empty(), self.ids.pop()) else {
            return Ok(());
        };
        let own = v.way == By::Own && effect == Effect::TellAsker;
        let letter = Letter {
            source: format!("viewing:{}", v.id),
            title: "檔案查閱".into(),
            text: text(v),
            path: if own {
                format!("/my/files/viewings/{}", v.id)
            } else {
                format!("/viewings/{}", v.id)
            },
            urgent,
            expires_at: tx.now().plus(EXPIRES_AFTER),
        };
        outbox::letter_in(tx, id, &letter)?;
        let now = tx.now();
        for (account, way) in to {
            let to = Recipient {
                account: Some(account),
                ..Recipient::default()
            };
            outbox::post_in(tx, id, way, &to, now)?;
        }
        Ok(())
    }
}

/// What is said of a viewing in a state: its number alone, nobody's name and no room.
fn text(v: &Viewing) -> String {
    let number = v.number();
    match v.state {
        State::Submitted if v.approver_as.is_some() => {
            format!("查閱申請 {number} 涉及多戶，請第二人審批。")
        }
        State::Submitted => format!("查閱申請 {number} 待審批。"),
        State::Approved if v.way == By::Own => {
            format!("本人查閱 {number} 已批准，正在遮蓋他人資料。")
        }
        State::Covered if v.cover_alone => {
            format!("本人查閱 {number} 已遮蓋，客服僅一人當值，請經理核對放行。")
        }
        State::Covered => format!("本人查閱 {number} 已遮蓋，請另一位專員核對放行。"),
        State::Released => format!("本人查閱 {number} 已核對放行，登記後業主方可查看。"),
        State::Approved => format!("查閱申請 {number} 已批准，24 小時內登記後方可查閱。"),
        State::Registered => format!("查閱 {number} 已登記，可以開始。"),
        State::Denied => format!("查閱申請 {number} 未獲批准。"),
        State::Expired => format!("查閱 {number} 已過期。"),
        State::Revoked => format!("查閱 {number} 已被撤銷。"),
        State::Emergency => format!("有人緊急開啟了業主檔案：{number}。請即查看。"),
        State::ReviewDue if v.frozen => format!("緊急查閱 {number} 逾期未覆核，當事人已停用查閱。"),
        State::ReviewDue => format!("緊急查閱 {number} 已結束，請在 72 小時內覆核。"),
        State::Justified => format!("緊急查閱 {number} 經覆核屬實。"),
        State::Violation => format!("緊急查閱 {number} 經覆核認定違規。"),
        _ => format!("查閱 {number} 有新進展。"),
    }
}
