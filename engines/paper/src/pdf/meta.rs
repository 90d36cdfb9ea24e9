//! What the file says of itself, twice as PDF/A wants it: for old readers in the document
//! information, for all others as XMP (ISO 19005-2, 6.6).

use pdf_writer::{Date, Ref, TextStr};

use super::file::PdfFile;
use crate::PaperError;
use crate::fonts::Lang;

const PRODUCER: &str = "linli";

/// A moment, given: papers know no clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Moment {
    /// Milliseconds since 1970 in UTC.
    pub unix_ms: i64,
    /// The zone's distance to UTC, in minutes east.
    pub minutes_east: i16,
}

impl Moment {
    /// Year, month, day, hour, minute, second on the wall.
    fn civil(self) -> (i64, u8, u8, u8, u8, u8) {
        let seconds = self.unix_ms.div_euclid(1_000) + i64::from(self.minutes_east) * 60;
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Days to civil date by eras of 400 years, years beginning in March.
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march + 2) / 5 + 1;
        let month = if march < 10 { march + 3 } else { march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (
            year,
            month as u8,
            day as u8,
            (rest / 3_600) as u8,
            (rest / 60 % 60) as u8,
            (rest % 60) as u8,
        )
    }

    /// As XMP and RFC 3339 write it.
    pub fn rfc3339(self) -> String {
        let (y, mo, d, h, mi, s) = self.civil();
        let sign = if self.minutes_east < 0 { '-' } else { '+' };
        let east = self.minutes_east.unsigned_abs();
        format!(
            "{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}{sign}{:02}:{:02}",
            east / 60,
            east % 60
        )
    }

    fn pdf(self) -> Date {
        let (y, mo, d, h, mi, s) = self.civil();
        Date::new(y.clamp(0, 9_999) as u16)
            .month(mo)
            .day(d)
            .hour(h)
            .minute(mi)
            .second(s)
            .utc_offset_hour((self.minutes_east / 60) as i8)
            .utc_offset_minute((self.minutes_east.unsigned_abs() % 60) as u8)
    }
}

/// What a paper says of itself.
#[derive(Clone, Debug, Default)]
pub struct About {
    pub title: String,
    pub lang: Lang,
    /// Left out when not given: the same facts then make the same file on any day.
    pub made: Option<Moment>,
}

/// Writes both; the numbers are those of the information and of the XMP.
pub fn write(file: &mut PdfFile<'_>, about: &About) -> Result<(Ref, Ref), PaperError> {
    let info = file.promise();
    file.object(info, |chunk| {
        // `Pdf::document_info` would do it, but a file that streams has no `Pdf`.
        let mut dict = chunk.indirect(info).dict();
        dict.pair(pdf_writer::Name(b"Title"), TextStr(&about.title));
        dict.pair(pdf_writer::Name(b"Producer"), TextStr(PRODUCER));
        if let Some(made) = about.made {
            dict.pair(pdf_writer::Name(b"CreationDate"), made.pdf());
        }
    })?;
    let xmp = file.promise();
    let packet = packet(about);
    file.object(xmp, |chunk| {
        // Not packed: PDF/A lets archives read it without a decoder.
        chunk.metadata(xmp, packet.as_bytes());
    })?;
    Ok((info, xmp))
}

fn packet(about: &About) -> String {
    let made = about.made.map_or(String::new(), |m| {
        format!("<xmp:CreateDate>{}</xmp:CreateDate>", m.rfc3339())
    });
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\
<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>\
<pdf:Producer>{PRODUCER}</pdf:Producer>{made}\
</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>",
        title = xml(&about.title),
        lang = about.lang.tag(),
    )
}

fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // XML has no way to write the other control signs.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_the_wall_shows_it() {
        for (unix_ms, minutes_east, wall) in [
            (0, 0, "1970-01-01T00:00:00+00:00"),
            (1_795_741_200_000, 480, "2026-11-27T09:00:00+08:00"),
            (951_825_599_000, 480, "2000-02-29T19:59:59+08:00"),
            (-1_000, -210, "1969-12-31T20:29:59-03:30"),
        ] {
            let moment = Moment {
                unix_ms,
                minutes_east,
            };
            assert_eq!(moment.rfc3339(), wall);
        }
    }
}
