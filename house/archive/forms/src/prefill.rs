//! What the house knows already stands in a form when it is opened: asked again is nothing.

use dossiers::Kind;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::Words;
use roster::{InClear, Room};

use crate::FormsError;
use crate::definitions::{inspection, keys, receipt};
use crate::filled::Head;
use crate::values::Values;

/// The entries that a form begins with, and whose data they are.
pub async fn of(
    house: &House,
    c: Community,
    head: &Head,
    kind: Kind,
    words: &Words,
) -> Result<(Values, Vec<Id>), FormsError> {
    let (people, plates) = roster::in_clear(house, c, head.room).await?;
    let room: Option<Room> = roster::room(house, c, head.room).await?;
    let today = house.now().date().to_string();
    let mut values = Values::default();
    values.set("room", head.code.as_str());
    if kind == Kind::Registration {
        registration(&mut values, head, room.as_ref(), &people, &plates);
    } else {
        let owners = owners(&people);
        let names: Vec<&str> = owners.iter().map(|p| p.name.as_str()).collect();
        let name = names.join("、");
        match kind {
            Kind::Breach => {
                values.set("to", name);
                values.set("issued", today.as_str());
            }
            _ => values.set("owner", name),
        }
        if let Some(phone) = owners.iter().find_map(|p| p.phone.as_deref())
            && kind != Kind::Breach
        {
            values.set("phone", local(phone));
        }
    }
    match kind {
        Kind::Receipt => {
            values.set("day", today);
            for (item, copies) in receipt::USUAL {
                values.row("items", [("item", &words.t(item)), ("copies", copies)]);
            }
        }
        Kind::Keys => {
            values.set("day", today);
            values.set("who", "owner");
            for (what, count) in keys::USUAL {
                values.row("keys", [("what", &words.t(what)), ("count", count)]);
            }
        }
        Kind::Handover => {
            values.set("day", today);
            for (part, look) in inspection::PARTS {
                values.row(
                    "checks",
                    [("part", &words.t(part)), ("look", &words.t(look))],
                );
            }
            for meter in ["water", "power", "grey", "gas"] {
                values.row("meters", [("meter", meter)]);
            }
        }
        _ => {}
    }
    let used = match kind {
        Kind::Registration => people.iter().map(|p| p.party).collect(),
        _ => owners(&people).iter().map(|p| p.party).collect(),
    };
    Ok((values, used))
}

fn owners(people: &[InClear]) -> Vec<&InClear> {
    people.iter().filter(|p| p.tie.owns()).collect()
}

/// As people write it here: without the country's number.
fn local(phone: &str) -> String {
    phone.strip_prefix("+86").unwrap_or(phone).to_owned()
}

fn registration(
    values: &mut Values,
    head: &Head,
    room: Option<&Room>,
    people: &[InClear],
    plates: &[String],
) {
    values.set("building", head.building.as_str());
    if let Some(day) = &head.began {
        values.set("moved_in", day.as_str());
    }
    if let Some(room) = room {
        if let Some(floor) = &room.facts.floor {
            values.set("floor", floor.as_str());
        }
        if let Some(area) = room.facts.area {
            values.set("area", format!("{}.{:02}", area / 100, area % 100));
        }
        let uses = ["owner_occupied", "let", "renovating", "vacant"];
        let state = room.facts.state.as_deref().unwrap_or_default();
        if let Some(word) = uses.iter().find(|word| **word == state) {
            values.set("use", *word);
        }
    }
    for p in people {
        let (kind, number) = match &p.document {
            Some((kind, number)) => (paper(kind), number.as_str()),
            None => ("", ""),
        };
        let phone = p.phone.as_deref().map(local).unwrap_or_default();
        let share = match p.share {
            Some((part, whole)) if whole > 0 => format!("{part}/{whole}"),
            _ => String::new(),
        };
        if p.tie.owns() && p.organisation {
            values.set("company", p.name.as_str());
            values.set("uscc", p.uscc.clone().unwrap_or_default());
            values.set("legal", p.representative.clone().unwrap_or_default());
            values.row(
                "owners",
                [("name", &p.name), ("phone", &phone), ("share", &share)],
            );
        } else if p.tie.owns() {
            let cells = [
                ("name", p.name.as_str()),
                ("paper", kind),
                ("number", number),
                ("phone", &phone),
                ("share", &share),
            ];
            values.row("owners", cells);
        } else {
            let table = if p.tie == roster::Tie::Tenant {
                "tenants"
            } else {
                "family"
            };
            values.row(
                table,
                [
                    ("name", p.name.as_str()),
                    ("number", number),
                    ("phone", &phone),
                ],
            );
        }
    }
    for plate in plates {
        values.row("vehicles", [("plate", plate.as_str())]);
    }
}

/// The roster's kind of paper as the form names it.
fn paper(kind: &str) -> &'static str {
    match kind {
        "resident_id" => "resident_id",
        "passport" => "passport",
        "hong_kong_macau" | "taiwan" => "permit",
        _ => "other",
    }
}
