//! The calendar proposes; a person sends. Some days before a festival a draft of its
//! greeting lies on the desk, once per festival and year.

use almanac::Festival;
use foundation::clock::Moment;
use foundation::communities;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;

use crate::audience::Audience;
use crate::draft::{self, Draft};
use crate::notice::{Class, Notice, Ways};
use crate::{NoticeError, greetings, store, templates};

/// A draft is proposed so many days before.
const AHEAD_DAYS: i64 = 5;
/// Festivals shown on the calendar: a year of them.
const SHOWN: usize = 24;

/// A festival that is coming.
#[derive(Clone, Debug)]
pub struct Coming {
    pub day: Date,
    pub festival: Festival,
    /// Its greeting, where there is a draft already.
    pub notice: Option<Notice>,
}

fn name(festival: Festival, day: Date) -> String {
    format!("{}/{}", festival.word(), day.year())
}

/// The festivals of the coming year.
pub async fn coming(house: &House, by: &Actor) -> Result<Vec<Coming>, NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let yesterday = house.now().date().yesterday().unwrap_or(Date::MIN);
    let mut out = Vec::with_capacity(SHOWN);
    for (day, festival) in almanac::next_festivals(yesterday, SHOWN) {
        let found = store::of_festival(by.community, &name(festival, day));
        out.push(Coming {
            day,
            festival,
            notice: house.db.optional(found).await?,
        });
    }
    Ok(out)
}

/// Drafts the greeting of a festival.
///
/// # Errors
/// [`NoticeError::NameTaken`] when this year's is there already.
pub async fn greet(
    house: &House,
    by: &Actor,
    festival: Festival,
    day: Date,
) -> Result<Id, NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let c = by.community;
    let (title, body) = greetings::of(festival);
    let at = Moment::at_start_of(day);
    let compound = compound_name(house, c).await?;
    let draft = Draft {
        class: Class::Greeting,
        title: templates::filled(title, &compound, at),
        body: templates::filled(body, &compound, at),
        audience: Audience::default(),
        ways: Ways {
            group: true,
            push: true,
            ..Ways::default()
        },
        asks: false,
        remind_hours: 0,
        // On the morning of the day, once somebody has approved it.
        publish_at: Some(at.plus(9 * foundation::clock::HOUR)).filter(|t| *t > house.now()),
        replaces: None,
    };
    let (author, author_name) = match by.account {
        Some(account) => (account, accounts::name_of(house, account).await?),
        None => (house.id(), String::new()),
    };
    let mut notice = draft::fresh(house.id(), author, author_name, &draft, house.now());
    notice.festival = name(festival, day);
    let who = by.who_for(Permission::NoticesWrite);
    house
        .write(c, &who, move |mut tx| {
            let id = draft::insert(&mut tx, c, &notice)?;
            Ok(tx.record(draft::drafted(&notice), id)?)
        })
        .await
}

async fn compound_name(house: &House, c: Community) -> Result<String, NoticeError> {
    let found = communities::by_number(&house.db, c).await?;
    Ok(found.map_or(String::new(), |compound| compound.name))
}

/// What the clock proposes this morning.
pub(crate) async fn propose(house: &House, by: &Actor) -> Result<(), NoticeError> {
    let today = house.now().date();
    let yesterday = today.yesterday().unwrap_or(Date::MIN);
    for (day, festival) in almanac::next_festivals(yesterday, 6) {
        let ahead = Moment::at_start_of(day).0 - Moment::at_start_of(today).0;
        if ahead > AHEAD_DAYS * foundation::clock::DAY {
            break;
        }
        match greet(house, by, festival, day).await {
            Ok(_) | Err(NoticeError::NameTaken) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
