//! The state of a list, kept in the address: filters, sort, columns, cursor. So it can be shared.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use url::form_urlencoded;

/// No list has as many parameters; more is not from our pages.
const PARAMETERS_MAX: usize = 64;

/// The parameters of a list page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    path: String,
    pairs: Vec<(String, String)>,
}

/// The direction of a sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Up,
    /// Largest first.
    Down,
}

/// Parameters that begin anew when the filter changes.
const CURSORS: [&str; 2] = ["after", "before"];

impl ListQuery {
    /// Reads the query of an address.
    pub fn parse(path: &str, query: &str) -> ListQuery {
        let pairs = form_urlencoded::parse(query.as_bytes())
            .take(PARAMETERS_MAX)
            .map(|(name, value)| (name.into_owned(), value.replace('\0', "").trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        ListQuery {
            path: path.to_owned(),
            pairs,
        }
    }

    /// The value of a parameter, or empty.
    pub fn value(&self, name: &str) -> &str {
        self.pairs
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, value)| value)
    }

    /// Whether a filter is set to this value.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.pairs.iter().any(|(n, v)| n == name && v == value)
    }

    /// Whether a chip is chosen; the chip with an empty value is, while its filter is unset.
    pub fn is_on(&self, chip: &Chip) -> bool {
        self.value(chip.name) == chip.value
    }

    /// All parameters but the given one, for the hidden fields of a search form.
    pub fn others(&self, name: &str) -> Vec<(String, String)> {
        let keep = |pair: &&(String, String)| pair.0 != name && !CURSORS.contains(&pair.0.as_str());
        self.pairs.iter().filter(keep).cloned().collect()
    }

    /// The address with one parameter set (an empty value takes it away). A new filter or sort starts
    /// from the first page.
    pub fn href(&self, name: &str, value: &str) -> String {
        let mut pairs = self.others(name);
        if !value.is_empty() {
            pairs.push((name.to_owned(), value.to_owned()));
        }
        self.address(&pairs)
    }

    /// The address of this very list at another path, as for its export.
    pub fn href_at(&self, path: &str) -> String {
        ListQuery {
            path: path.to_owned(),
            pairs: Vec::new(),
        }
        .address(&self.others(""))
    }

    fn address(&self, pairs: &[(String, String)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.extend_pairs(pairs).finish();
        if query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{query}", self.path)
        }
    }

    /// The chosen sort among those allowed (`sort=room`, `sort=-room`); the first is the default.
    pub fn sort<'k>(&self, allowed: &[&'k str]) -> (&'k str, Direction) {
        let sent = self.value("sort");
        let (key, direction) = match sent.strip_prefix('-') {
            Some(key) => (key, Direction::Down),
            None => (sent, Direction::Up),
        };
        match allowed.iter().find(|allowed| **allowed == key) {
            Some(key) => (key, direction),
            None => (allowed.first().copied().unwrap_or_default(), Direction::Up),
        }
    }

    /// The value of `aria-sort` for a column.
    pub fn aria_sort(&self, key: &str) -> &'static str {
        match self.value("sort") {
            sent if sent == key => "ascending",
            sent if sent.strip_prefix('-') == Some(key) => "descending",
            _ => "none",
        }
    }

    /// The address that sorts by a column, or turns its direction.
    pub fn sort_href(&self, key: &str) -> String {
        let turned = if self.aria_sort(key) == "ascending" {
            format!("-{key}")
        } else {
            key.into()
        };
        self.href("sort", &turned)
    }

    /// Whether a column is shown: all are, until some are chosen with `col=`.
    pub fn shows(&self, column: &str) -> bool {
        !self.pairs.iter().any(|(name, _)| name == "col") || self.has("col", column)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(ListQuery::parse(
            parts.uri.path(),
            parts.uri.query().unwrap_or_default(),
        ))
    }
}

/// One filter chip: a link that sets or takes away one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chip {
    /// The parameter.
    pub name: &'static str,
    /// Its value; empty means "all".
    pub value: String,
    /// What is read.
    pub text: String,
    /// How many rows it leaves, when known.
    pub count: Option<u64>,
}

/// The foot of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// The exact total of the filter.
    pub total: u64,
    /// How many are on this page.
    pub shown: u64,
    /// The cursor before this page, for `before=`; none on the first.
    pub before: Option<String>,
    /// The cursor after this page, for `after=`; none on the last.
    pub after: Option<String>,
}

impl Pager {
    /// The page of a list that is held whole: behind, or before, the row that the address names
    /// by its mark; the first one where it names none that is there.
    pub fn part<'r, T>(
        all: &'r [T],
        list: &ListQuery,
        most: usize,
        mark: impl Fn(&T) -> String,
    ) -> (&'r [T], Pager) {
        let at = |name: &str| {
            let named = list.value(name);
            let there = |row: &T| !named.is_empty() && mark(row) == named;
            all.iter().position(there)
        };
        let from = match (at("after"), at("before")) {
            (Some(after), _) => after + 1,
            (None, Some(before)) => before.saturating_sub(most),
            (None, None) => 0,
        };
        let to = (from + most).min(all.len());
        let here = &all[from.min(to)..to];
        let pager = Pager {
            total: all.len() as u64,
            shown: here.len() as u64,
            before: here.first().filter(|_| from > 0).map(&mark),
            after: here.last().filter(|_| to < all.len()).map(&mark),
        };
        (here, pager)
    }
}

/// A column that can be hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its value in `col=`.
    pub key: &'static str,
    /// Its heading.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_held_whole_is_paged_forth_and_back_without_losing_a_row() {
        let all: Vec<u32> = (0..7).collect();
        let mut seen = Vec::new();
        let mut query = String::new();
        loop {
            let list = ListQuery::parse("/list", &query);
            let (here, pager) = Pager::part(&all, &list, 3, u32::to_string);
            assert_eq!((pager.total, pager.shown), (7, here.len() as u64));
            seen.extend_from_slice(here);
            let Some(after) = pager.after else { break };
            query = format!("after={after}");
        }
        assert_eq!(seen, all);
        let part = |query: &str| {
            let list = ListQuery::parse("/list", query);
            Pager::part(&all, &list, 3, u32::to_string)
        };
        let (here, pager) = part("before=3");
        assert_eq!((here, pager.before), ([0, 1, 2].as_slice(), None));
        // A row that is not there any more: the first page, never an empty one.
        assert_eq!(part("after=99").0, [0, 1, 2]);
        assert!(part("after=6").0.is_empty());
        let none: [u32; 0] = [];
        let (_, pager) = Pager::part(&none, &ListQuery::default(), 3, u32::to_string);
        assert_eq!(pager, Pager::default());
    }
}
