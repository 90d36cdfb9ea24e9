//! A transfer's draft as its form shows it, and what came back of it.

use foundation::ids::Id;
use foundation::page::Form;

use crate::transfer::preview::Preview;
use crate::transfer::{Draft, METERS, NewParty, OWNERS_MAX, Stay};

/// The draft as the form shows it.
pub fn filled(t: &Preview) -> Form {
    let d = &t.draft;
    let mut pairs: Vec<(String, String)> = vec![
        ("day".into(), d.day.clone()),
        ("ground".into(), d.ground.clone()),
        ("contract".into(), d.contract.clone()),
        ("certificate".into(), d.certificate.clone()),
        ("payer".into(), d.payer.clone()),
        ("credit".into(), d.credit.clone()),
        (
            "answer".into(),
            d.answer.map_or(String::new(), |a| a.to_string()),
        ),
    ];
    for (n, o) in d.owners.iter().enumerate() {
        let n = n + 1;
        let mut put = |name: &str, text: &str| pairs.push((format!("{name}_{n}"), text.into()));
        put("name", &o.name);
        let known = o.known.map(|id| id.to_string());
        put(
            "who",
            match &known {
                Some(id) => id,
                None if o.another => "new",
                None => "",
            },
        );
        put("organisation", if o.organisation { "yes" } else { "" });
        put("uscc", &o.uscc);
        put("representative", &o.representative);
        put("phone", &o.phone);
        put("document", &o.document);
        put("birth", &o.birth);
        put("guardian", &o.guardian);
        put("guardian_phone", &o.guardian_phone);
        put("share", &o.share);
    }
    for stay in &d.stay {
        if let Some(party) = stay.party {
            pairs.push(("stay".into(), party.to_string()));
            pairs.push((format!("share_{party}"), stay.share.clone()));
        }
    }
    let many = |name: &str, ids: &[Id]| -> Vec<(String, String)> {
        ids.iter()
            .map(|id| (name.to_owned(), id.to_string()))
            .collect()
    };
    pairs.extend(many("papers", &d.papers));
    pairs.extend(many("ends", &d.ends));
    pairs.extend(many("vehicles", &d.vehicles));
    for (at, meter) in METERS.into_iter().enumerate() {
        pairs.push((format!("meter_{meter}"), d.meters[at].clone()));
    }
    for (key, what) in &d.keys {
        pairs.push((format!("key_{key}"), what.clone()));
    }
    Form::filled(pairs)
}

/// What was typed, as the draft keeps it.
pub fn typed(form: &Form) -> Draft {
    let text = |name: &str| {
        form.value(name)
            .trim()
            .chars()
            .take(100)
            .collect::<String>()
    };
    let ids = |name: &str| -> Vec<Id> {
        form.all(name)
            .filter_map(|id| id.parse().ok())
            .take(100)
            .collect()
    };
    let owners = (1..=OWNERS_MAX).map(|n| {
        let field = |name: &str| text(&format!("{name}_{n}"));
        NewParty {
            known: field("who").parse().ok(),
            another: field("who") == "new",
            name: field("name"),
            organisation: form.has(&format!("organisation_{n}"), "yes"),
            uscc: field("uscc"),
            representative: field("representative"),
            phone: field("phone"),
            document: field("document"),
            birth: field("birth"),
            guardian: field("guardian"),
            guardian_phone: field("guardian_phone"),
            share: field("share"),
        }
    });
    Draft {
        day: text("day"),
        ground: text("ground"),
        owners: owners.filter(|o| !o.is_empty()).collect(),
        stay: ids("stay")
            .into_iter()
            .map(|party| Stay {
                share: text(&format!("share_{party}")),
                party: Some(party),
            })
            .collect(),
        contract: text("contract"),
        certificate: text("certificate"),
        papers: ids("papers"),
        payer: text("payer"),
        credit: text("credit"),
        meters: METERS.map(|m| text(&format!("meter_{m}"))),
        keys: ids("keys")
            .into_iter()
            .map(|key| (key.to_string(), text(&format!("key_{key}"))))
            .collect(),
        ends: ids("ends"),
        vehicles: ids("vehicles"),
        answer: text("answer").parse().ok(),
    }
}
