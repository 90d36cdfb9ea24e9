//! Labels chosen, counted and printed; the sheet inside a lid.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, compound, pdf, refused, words};
use crate::labels::{self, Batch, Heading, PRINT_MAX};
use crate::lid;
use crate::selection::{self, Selection};
use crate::{ArchiveBox, ShelfError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, ListQuery};

/// What a ticked box of a form sends.
const TICKED: &str = "yes";
/// Boxes named in the preview; their number is exact beyond.
const NAMED_MAX: usize = 60;

#[derive(Template)]
#[template(path = "shelves/labels.html")]
struct LabelsPage {
    frame: Frame,
    form: Form,
    base: String,
    buildings: Vec<Choice>,
    unknown: String,
    batches: Vec<Batch>,
    labels: usize,
    too_many: bool,
    print_max: usize,
    named: Vec<(String, String)>,
    more: usize,
}

fn asked(value: impl Fn(&str) -> String) -> Selection {
    Selection {
        building: value("building"),
        rooms: value("rooms"),
        since: value("since"),
        outdated: value("outdated") == TICKED,
    }
}

/// What is chosen, how many labels and sheets that is.
pub async fn choose(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    query: ListQuery,
    frame: Frame,
) -> Response {
    let mut chosen = asked(|name| query.value(name).to_owned());
    // At first what needs labels; afterwards what was asked for.
    if query.value("asked").is_empty() {
        chosen.outdated = true;
    }
    let read = async {
        let found = selection::choose(&house, &by, &chosen).await?;
        // Of more than one print takes, what is chosen first says nothing of the sheets.
        let batches = if found.count > PRINT_MAX {
            Vec::new()
        } else {
            labels::preview(&house, &by, &found.boxes).await?
        };
        let buildings = selection::buildings(&house, &by).await?;
        Ok::<_, ShelfError>((found, batches, buildings))
    };
    let (found, batches, buildings) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let form = Form::filled([
        ("building", chosen.building.as_str()),
        ("rooms", chosen.rooms.as_str()),
        ("since", chosen.since.as_str()),
        ("outdated", if chosen.outdated { TICKED } else { "" }),
    ]);
    let base = format!("/c/{c}/shelves");
    let name = |b: &ArchiveBox| (format!("{base}/boxes/{}", b.id), words::named(b));
    page::ok(LabelsPage {
        form,
        buildings: buildings
            .into_iter()
            .map(|b| Choice::new(b.clone(), hanzi::room::building_said(&b)))
            .collect(),
        unknown: found.unknown.join("、"),
        labels: found.count,
        too_many: found.count > PRINT_MAX,
        print_max: PRINT_MAX,
        named: found.boxes.iter().take(NAMED_MAX).map(name).collect(),
        more: found.boxes.len().saturating_sub(NAMED_MAX),
        batches,
        base,
        frame: frame.titled("shelves-labels"),
    })
}

/// The sheets as a file; earlier labels of the same boxes are void from now on.
pub async fn print(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    frame: Frame,
    form: Form,
) -> Response {
    let chosen = asked(|name| form.value(name).to_owned());
    let heading = Heading {
        compound: compound(&frame),
        title: frame.t("shelves-paper-title").into_owned(),
        note: frame.stamp(house.now().0),
    };
    match labels::print(&house, &by, &chosen, heading).await {
        Ok(printed) => pdf("labels", printed.pdf),
        Err(e) => refused(frame, &e),
    }
}

/// The sheet inside the lid of a box.
pub async fn lid(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let lid = match lid::of_box(&house, &by, id).await {
        Ok(lid) => lid,
        Err(e) => return refused(frame, &e),
    };
    let foot = (
        frame.t("shelves-lid-foot").into_owned(),
        frame.stamp(house.now().0),
    );
    let sheet = lid.sheet(compound(&frame), foot, |_, held| {
        if held.files > 0 {
            frame
                .one("shelves-lid-files", "count", held.files)
                .into_owned()
        } else {
            String::new()
        }
    });
    match labels::drawn(sheet).await {
        Ok((bytes, _)) => pdf("lid", bytes),
        Err(e) => refused(frame, &e),
    }
}
