//! OFD (GB/T 33190): a zip with `OFD.xml`, which names `Document.xml`, which lists the pages.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::inspect::{Note, PageSize};
use crate::limits::{Limits, Purse};
use crate::refused::{Active, Part};
use crate::zip::Zip;
use crate::{Kind, Refused};

const KIND: Kind = Kind::Ofd;

/// What was found, enough to draw the pages as well.
pub(crate) struct Ofd<'a> {
    pub zip: Zip<'a>,
    /// Where the document's parts lie: `Doc_0/`.
    pub base: String,
    /// The files of the pages in order, within the container.
    pub pages: Vec<String>,
    pub sizes: Vec<PageSize>,
    pub notes: Vec<Note>,
}

pub(crate) fn walk<'a>(bytes: &'a [u8], purse: &mut Purse<'_>) -> Result<Ofd<'a>, Refused> {
    let broken = |part| Refused::Broken { kind: KIND, part };
    let zip = Zip::open(bytes)?;
    let Some(root) = zip.find("OFD.xml") else {
        return Err(Refused::Foreign(zip.foreign()));
    };
    let limits = purse.limits;
    let root = root.unpack(purse, false)?;
    let mut notes = Vec::new();
    let mut roots = Vec::new();
    texts(&root, limits, |name, text| {
        match name {
            "DocRoot" => roots.push(text.to_owned()),
            "Signatures" => notes.push(Note::Signed),
            _ => {}
        };
    })?;
    // The format allows several documents in one file; nobody's writer makes them, and which
    // pages count would be a matter of opinion.
    let [doc] = roots.as_slice() else {
        return Err(broken(Part::Structure));
    };
    let doc = doc.trim_start_matches('/').to_owned();
    let base = doc.rsplit_once('/').map_or("", |(b, _)| b);
    let base = if base.is_empty() {
        String::new()
    } else {
        format!("{base}/")
    };
    let document = zip
        .find(&doc)
        .ok_or_else(|| broken(Part::Pages))?
        .unpack(purse, false)?;
    let mut pages = Vec::new();
    let mut active = None;
    elements(&document, limits, |e, _| {
        match local(e).as_str() {
            "Page" => pages.extend(attribute(e, "BaseLoc")),
            "URI" => notes.push(Note::Links),
            "Sound" | "Movie" => active = Some(Active::Media),
            "GotoA" => active = Some(Active::External),
            _ => {}
        };
    })?;
    if let Some(active) = active {
        return Err(Refused::Active(active));
    }
    purse.pages(pages.len() as u64)?;
    if pages.is_empty() {
        return Err(broken(Part::NoPage));
    }
    for page in &mut pages {
        *page = resolve(&base, page);
    }
    let common = boxes(&document, limits)?;
    let mut sizes = Vec::new();
    for page in &pages {
        let content = zip
            .find(page)
            .ok_or_else(|| broken(Part::Pages))?
            .unpack(purse, false)?;
        let size = boxes(&content, limits)?.or(common);
        let (width, height) = size.ok_or_else(|| broken(Part::Head))?;
        sizes.push(PageSize::millimetres(width, height));
    }
    entries(&zip, purse)?;
    notes.dedup();
    Ok(Ofd {
        zip,
        base,
        pages,
        sizes,
        notes,
    })
}

/// Looks into every entry: nothing but what an OFD is made of, and no container in it.
fn entries(zip: &Zip<'_>, purse: &mut Purse<'_>) -> Result<(), Refused> {
    for entry in &zip.entries {
        let name = entry.name.to_lowercase();
        if name.ends_with('/') {
            continue;
        }
        if name.contains("attachments/attachment") || name.contains("/attachs/") {
            return Err(Refused::Embedded);
        }
        let ending = name.rsplit_once('.').map_or("", |(_, e)| e);
        let picture = matches!(
            ending,
            "png" | "jpg" | "jpeg" | "bmp" | "tif" | "tiff" | "jb2" | "gbig2"
        );
        let bytes = entry.unpack(purse, picture)?;
        let refused = match ending {
            // Seals of signatures are ASN.1 and pictures of their own.
            "esl" | "dat" | "ttf" | "otf" | "ttc" | "cff" | "bmp" => container(&bytes),
            "xml" => {
                !bytes.trim_ascii_start().starts_with(b"<") && !bytes.starts_with(b"\xef\xbb\xbf<")
            }
            _ if picture => container(&bytes),
            _ => true,
        };
        if refused {
            return Err(if container(&bytes) {
                Refused::Embedded
            } else {
                Refused::Entry {
                    name: entry.name.clone(),
                }
            });
        }
    }
    Ok(())
}

fn container(bytes: &[u8]) -> bool {
    const INNER: [&[u8]; 9] = [
        b"PK\x03\x04",
        b"Rar!",
        b"7z\xbc\xaf",
        b"\x1f\x8b",
        b"%PDF-",
        b"MZ",
        b"\x7fELF",
        b"\xd0\xcf\x11\xe0",
        b"BZh",
    ];
    INNER.iter().any(|magic| bytes.starts_with(magic))
}

/// A location as the format has it: from the root with `/`, else from the document.
pub(crate) fn resolve(base: &str, location: &str) -> String {
    match location.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{base}{location}"),
    }
}

/// Width and height in millimetres: the application's box, else the physical one.
fn boxes(xml: &[u8], limits: &Limits) -> Result<Option<(f64, f64)>, Refused> {
    let (mut physical, mut application) = (None, None);
    texts(xml, limits, |name, text| {
        let read = || numbers(text).get(2..4).map(|n| (n[0], n[1]));
        match name {
            "PhysicalBox" => physical = physical.or_else(read),
            "ApplicationBox" => application = application.or_else(read),
            _ => {}
        };
    })?;
    let sane = |s: &(f64, f64)| (1.0..20_000.0).contains(&s.0) && (1.0..20_000.0).contains(&s.1);
    Ok(physical.or(application).filter(sane))
}

/// The numbers of a list such as a box or a matrix.
pub(crate) fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace()
        .filter_map(|n| n.parse().ok())
        .collect()
}

/// An element's name without its prefix.
pub(crate) fn local(e: &BytesStart<'_>) -> String {
    e.local_name().as_ref().to_owned()
}

pub(crate) fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    let all = e.attributes().flatten();
    let mut found = all.filter(|a| a.key.local_name().as_ref() == name);
    found.next().map(|a| a.value.into_owned())
}

/// Calls for each element with its depth. A document type is refused: it is where entities
/// that multiply come from.
pub(crate) fn elements(
    xml: &[u8],
    limits: &Limits,
    mut each: impl FnMut(&BytesStart<'_>, u32),
) -> Result<(), Refused> {
    walk_xml(xml, limits, |event, depth, _| {
        if let Event::Start(e) | Event::Empty(e) = event {
            each(e, depth);
        }
    })
}

/// Calls for each text with the name of the element around it.
fn texts(xml: &[u8], limits: &Limits, mut each: impl FnMut(&str, &str)) -> Result<(), Refused> {
    walk_xml(xml, limits, |event, _, open| {
        if let Event::Text(text) = event {
            let text: &str = text.as_ref();
            if !text.trim().is_empty() {
                each(open, text.trim());
            }
        }
    })
}

/// The texts of all elements of a name.
pub(crate) fn texts_of(xml: &[u8], of: &str, limits: &Limits) -> Result<Vec<String>, Refused> {
    let mut found = Vec::new();
    texts(xml, limits, |name, text| {
        if name == of {
            found.push(text.to_owned());
        }
    })?;
    Ok(found)
}

fn walk_xml(
    xml: &[u8],
    limits: &Limits,
    mut each: impl FnMut(&Event<'_>, u32, &str),
) -> Result<(), Refused> {
    let broken = || Refused::Broken {
        kind: KIND,
        part: Part::Structure,
    };
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for _ in 0..limits.parts {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| broken())?;
        match &event {
            Event::DocType(_) => return Err(broken()),
            Event::Eof => {
                return if open.is_empty() {
                    Ok(())
                } else {
                    Err(broken())
                };
            }
            _ => {}
        }
        each(
            &event,
            open.len() as u32,
            open.last().map_or("", String::as_str),
        );
        match &event {
            Event::Start(e) => open.push(local(e)),
            Event::End(_) => {
                open.pop();
            }
            _ => {}
        }
        if open.len() > limits.depth as usize {
            return Err(Refused::Nested(KIND));
        }
    }
    Err(Refused::Parts(KIND))
}
