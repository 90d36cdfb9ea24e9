//! Questions about members.

use super::super::Relation;
use super::super::members::MemberFilter;
use super::super::state::State;
use super::{Application, like, word};
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

/// A member as it lies in the database.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: Id,
    pub application: Option<Id>,
    pub account: Id,
    pub party: Option<Id>,
    pub room: Id,
    pub room_code: String,
    pub relation: Relation,
    pub name: String,
    pub state: State,
    pub version: i64,
    pub since: Moment,
    pub until_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    pub reason: String,
    pub words: String,
    pub notice_only: bool,
    pub removal_by: Option<Id>,
    pub removal_at: Option<Moment>,
    pub removal_words: String,
    pub removal_days: Option<i64>,
}

const MEMBER: &str = "id, application, account, party, room, room_code, relation, name, state, version, since, \
     until_at, ended_at, reason, words, notice_only, removal_by, removal_at, removal_words, removal_days";

impl FromRow for Member {
    fn from_row(row: &mut Row) -> Result<Member, DbError> {
        Ok(Member {
            id: row.next()?,
            application: row.next()?,
            account: row.next()?,
            party: row.next()?,
            room: row.next()?,
            room_code: row.next()?,
            relation: word(row, Relation::from_word)?,
            name: row.next()?,
            state: word(row, State::from_word)?,
            version: row.next()?,
            since: row.next()?,
            until_at: row.next()?,
            ended_at: row.next()?,
            reason: row.next()?,
            words: row.next()?,
            notice_only: row.next()?,
            removal_by: row.next()?,
            removal_at: row.next()?,
            removal_words: row.next()?,
            removal_days: row.next()?,
        })
    }
}

pub fn insert_member(
    c: Community,
    id: Id,
    account: Id,
    room: Id,
    a: &Application,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO member (community, id, application, account, party, room, room_code, relation, name, name_key, \
         state, version, since, changed_at, until_at, ended_at, reason, words, notice_only, removal_by, \
         removal_at, removal_words, removal_days) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', 1, $11, $11, \
         NULL, NULL, '', '', 0, NULL, NULL, '', NULL)",
        params![
            c,
            id,
            a.id,
            account,
            a.party,
            room,
            &a.room_code,
            a.relation.word(),
            &a.name,
            hanzi::name::name_key(&a.name),
            now
        ],
    )
}

pub fn member(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {MEMBER} FROM member WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn members_of_account(c: Community, account: Id) -> Ask {
    ask(
        format!(
            "SELECT {MEMBER} FROM member WHERE community = $1 AND account = $2 ORDER BY since DESC, id LIMIT 50"
        ),
        params![c, account],
    )
}

pub fn members_of_room(c: Community, room: Id) -> Ask {
    ask(
        format!(
            "SELECT {MEMBER} FROM member WHERE community = $1 AND room = $2 AND state <> 'ended' \
             ORDER BY since, id LIMIT 200"
        ),
        params![c, room],
    )
}

/// Whether the person is a member with this room already.
pub fn standing(c: Community, room: Id, name_key: &str, party: Option<Id>) -> Ask {
    ask(
        "SELECT COUNT(*) FROM member WHERE community = $1 AND room = $2 AND state IN ('active', 'suspended', 'leaving') \
         AND (name_key = $3 OR party = $4)",
        params![c, room, name_key, party],
    )
}

/// Whether a transfer ended the person's membership with this room.
pub fn ended_by_transfer(c: Community, room: Id, party: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM member WHERE community = $1 AND room = $2 AND party = $3 \
         AND state = 'ended' AND reason = 'transfer'",
        params![c, room, party],
    )
}

/// The latest end of a removal's term that still runs.
pub fn removed_until(
    c: Community,
    room: Id,
    name_key: &str,
    party: Option<Id>,
    now: Moment,
) -> Ask {
    ask(
        "SELECT MAX(until_at) FROM member WHERE community = $1 AND room = $2 \
         AND (name_key = $3 OR party = $4) AND reason = 'removed' AND until_at > $5",
        params![c, room, name_key, party, now],
    )
}

pub fn change_member(
    c: Community,
    id: Id,
    state: State,
    reason: &str,
    words: &str,
    until: Option<Moment>,
    now: Moment,
) -> Ask {
    ask(
        "UPDATE member SET state = $3, reason = $4, words = $5, until_at = $6, changed_at = $7, \
         version = version + 1, ended_at = CASE WHEN $3 = 'ended' THEN CAST($7 AS BIGINT) ELSE ended_at END, \
         notice_only = CASE WHEN $3 = 'removed' THEN CAST(1 AS BIGINT) WHEN $3 IN ('ended', 'active') THEN CAST(0 AS BIGINT) ELSE notice_only END, \
         removal_by = NULL, removal_at = NULL, removal_words = '', removal_days = NULL \
         WHERE community = $1 AND id = $2",
        params![c, id, state.word(), reason, words, until, now],
    )
}

pub fn ask_removal(
    c: Community,
    id: Id,
    by: Option<Id>,
    words: &str,
    days: i64,
    now: Moment,
) -> Ask {
    ask(
        "UPDATE member SET removal_by = $3, removal_words = $4, removal_days = $5, removal_at = $6, \
         version = version + 1, changed_at = $6 WHERE community = $1 AND id = $2",
        params![c, id, by, words, days, now],
    )
}

pub fn drop_removal(c: Community, id: Id, now: Moment) -> Ask {
    ask(
        "UPDATE member SET removal_by = NULL, removal_words = '', removal_days = NULL, removal_at = NULL, \
         version = version + 1, changed_at = $3 WHERE community = $1 AND id = $2",
        params![c, id, now],
    )
}

/// The count and the page of a filter of members; one row more than shown tells whether there is more.
pub fn member_page(c: Community, filter: &MemberFilter, room: Option<Id>, rows: i64) -> (Ask, Ask) {
    let mut params: Vec<Value> = params![c];
    let mut sql = String::from(" FROM member WHERE community = $1");
    if let Some(state) = filter.state {
        params.push(state.word().into());
        sql.push_str(" AND state = $2");
    }
    if filter.proposals {
        sql.push_str(" AND removal_by IS NOT NULL");
    }
    let search = filter.search.trim();
    if !search.is_empty() {
        params.push(format!("%{}%", like(&hanzi::name::name_key(search))).into());
        let name = params.len();
        params.push(format!("{}%", like(search)).into());
        let code = params.len();
        params.push(room.into());
        let room = params.len();
        sql.push_str(&format!(
            " AND (name_key LIKE ${name} ESCAPE '!' OR room_code LIKE ${code} ESCAPE '!' OR room = ${room})"
        ));
    }
    let count = ask(format!("SELECT COUNT(*){sql}"), params.clone());
    if let Some((room, id)) = &filter.after {
        params.push(room.into());
        params.push((*id).into());
        let (r, i) = (params.len() - 1, params.len());
        sql.push_str(&format!(
            " AND (room_code > ${r} OR (room_code = ${r} AND id > ${i}))"
        ));
    }
    params.push((rows + 1).into());
    let limit = params.len();
    let page = ask(
        format!("SELECT {MEMBER}{sql} ORDER BY room_code, id LIMIT ${limit}"),
        params,
    );
    (count, page)
}

/// Memberships of an account that have not ended.
pub fn count_standing(c: Community, account: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM member WHERE community = $1 AND account = $2 AND state <> 'ended'",
        params![c, account],
    )
}

/// Who belongs to some rooms: room, account and relation of each member, muted ones too.
pub fn members_of_rooms(c: Community, rooms: &[Id], limit: i64) -> Ask {
    let mut params = params![c];
    let rooms = list(&mut params, rooms);
    params.push(limit.into());
    ask(
        format!(
            "SELECT room, account, relation FROM member WHERE community = $1 AND room IN ({rooms}) \
             AND state IN ('active', 'suspended', 'leaving', 'removed') ORDER BY room, id \
             LIMIT ${}",
            params.len()
        ),
        params,
    )
}

const IN_BUILDING: &str = "($2 = '' OR EXISTS (SELECT 1 FROM room_seen r \
     WHERE r.community = $1 AND r.id = member.room AND r.building = $2))";

/// Active members by room, of one building or of all.
pub fn directory_page(c: Community, building: &str, after: Option<(&str, Id)>, limit: i64) -> Ask {
    let (room, id) = after.map_or(("", String::new()), |(room, id)| (room, id.to_string()));
    ask(
        format!(
            "SELECT {MEMBER} FROM member WHERE community = $1 AND state = 'active' AND {IN_BUILDING} \
             AND room_code >= $3 AND (room_code > $3 OR id > $4) ORDER BY room_code, id LIMIT $5"
        ),
        params![c, building, room, id, limit],
    )
}

/// Active members of whom `column` (a room's code or a name's key) begins so.
pub fn directory_beginning(
    c: Community,
    building: &str,
    column: &'static str,
    text: &str,
    limit: i64,
) -> Ask {
    ask(
        format!(
            "SELECT {MEMBER} FROM member WHERE community = $1 AND state = 'active' AND {IN_BUILDING} \
             AND {column} >= $3 AND {column} < $4 ORDER BY {column}, id LIMIT $5"
        ),
        params![c, building, text, format!("{text}\u{10ffff}"), limit],
    )
}

/// The active members of one home.
pub fn directory_home(c: Community, building: &str, code: &str) -> Ask {
    ask(
        format!(
            "SELECT {MEMBER} FROM member WHERE community = $1 AND state = 'active' AND {IN_BUILDING} \
             AND room_code = $3 ORDER BY since, id LIMIT 20"
        ),
        params![c, building, code],
    )
}
