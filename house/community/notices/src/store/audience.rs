//! An audience as a condition on rooms.

use foundation::database::{Value, list};
use foundation::ids::Id;

use crate::audience::{Audience, Whom};
use crate::stretch::Stretches;

/// The condition on `room_seen r`, its values put behind `params`; `ranges` says
/// where its ranges run.
pub fn condition(of: &Audience, ranges: &Stretches, params: &mut Vec<Value>) -> String {
    let mut places = Vec::new();
    if !of.buildings.is_empty() {
        let list = list(params, &of.buildings);
        places.push(format!("r.building IN ({list})"));
    }
    for (building, unit) in &of.units {
        params.push(building.into());
        params.push(unit.into());
        let n = params.len();
        places.push(format!("(r.building = ${} AND r.unit = ${n})", n - 1));
    }
    if !of.rooms.is_empty() {
        let list = list(params, &of.rooms);
        places.push(format!("r.id IN ({list})"));
    }
    places.extend(ranges.conditions(params));
    let mut all = Vec::new();
    if !places.is_empty() {
        all.push(format!("({})", places.join(" OR ")));
    }
    if !of.purposes.is_empty() {
        let list = list(params, &of.purposes);
        all.push(format!("r.purpose IN ({list})"));
    } else if of.rooms.is_empty() {
        // A parking place is no household, unless it was named.
        all.push("(r.purpose IS NULL OR r.purpose <> 'parking')".to_owned());
    }
    if !of.states.is_empty() {
        let list = list(params, &of.states);
        all.push(format!("r.state IN ({list})"));
    }
    if !of.tags.is_empty() {
        let ids: Vec<Id> = of.tags.iter().map(|t| t.0).collect();
        let list = list(params, &ids);
        all.push(format!(
            "EXISTS (SELECT 1 FROM room_tag g WHERE g.community = r.community \
             AND g.room = r.id AND g.tag IN ({list}))"
        ));
    }
    let tie = |kinds: &str| {
        format!(
            "EXISTS (SELECT 1 FROM relation_seen t WHERE t.community = r.community \
             AND t.room = r.id AND t.ended_at IS NULL AND t.kind IN ({kinds}))"
        )
    };
    match of.whom {
        Whom::Everyone => {}
        Whom::Owners => all.push(tie("'owner', 'co_owner'")),
        Whom::Tenants => all.push(tie("'tenant'")),
    }
    if all.is_empty() {
        "1 = 1".to_owned()
    } else {
        all.join(" AND ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_audience_leaves_out_parking_only() {
        let mut params = Vec::new();
        let said = condition(&Audience::default(), &Stretches::default(), &mut params);
        assert_eq!(said, "(r.purpose IS NULL OR r.purpose <> 'parking')");
        assert!(params.is_empty());
    }
}
