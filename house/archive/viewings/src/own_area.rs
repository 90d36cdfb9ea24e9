//! An area of a page that is covered: a rectangle in thousandths of the page's width and height,
//! so that it is the same on every picture of the page.

/// The whole of an edge.
pub const WHOLE: u32 = 1_000;
/// Areas of one page: a table of neighbours has some dozens of cells.
pub const AREAS_MAX: usize = 40;
/// The smallest that can be seen and covers something.
pub const EDGE_MIN: u32 = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl Area {
    /// Within the page, and something of it.
    pub fn new(left: u32, top: u32, width: u32, height: u32) -> Option<Area> {
        let fits = |at: u32, long: u32| {
            at <= WHOLE && long >= EDGE_MIN && at.checked_add(long).is_some_and(|end| end <= WHOLE)
        };
        (fits(left, width) && fits(top, height)).then_some(Area {
            left,
            top,
            width,
            height,
        })
    }

    /// In pixels of a picture, from and to; rounded so that nothing of it is left out.
    pub fn in_picture(self, width: u32, height: u32) -> [u32; 4] {
        let part = |of: u32, thousandths: u32| u64::from(of) * u64::from(thousandths);
        let down = |of, at| (part(of, at) / u64::from(WHOLE)) as u32;
        let up = |of, at| part(of, at).div_ceil(u64::from(WHOLE)) as u32;
        [
            down(width, self.left),
            down(height, self.top),
            up(width, self.left + self.width),
            up(height, self.top + self.height),
        ]
    }
}

/// As stored: `left,top,width,height` of each, separated by blanks.
pub fn write(areas: &[Area]) -> String {
    let one = |a: &Area| format!("{},{},{},{}", a.left, a.top, a.width, a.height);
    areas.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// As [`write`] wrote them; `None` where it is something else.
pub fn read(text: &str) -> Option<Vec<Area>> {
    let one = |word: &str| {
        let mut numbers = word.split(',').map(str::parse::<u32>);
        let mut next = || numbers.next()?.ok();
        let area = Area::new(next()?, next()?, next()?, next()?)?;
        numbers.next().is_none().then_some(area)
    };
    text.split_whitespace().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn areas() -> impl Strategy<Value = Area> {
        (0..WHOLE, 0..WHOLE, 0..WHOLE, 0..WHOLE)
            .prop_filter_map("within the page", |(l, t, w, h)| Area::new(l, t, w, h))
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(all in proptest::collection::vec(areas(), 0..9)) {
            prop_assert_eq!(read(&write(&all)), Some(all));
        }

        #[test]
        fn nothing_of_an_area_is_left_out_of_a_picture(a in areas(), w in 1u32..4000, h in 1u32..4000) {
            let [x, y, to_x, to_y] = a.in_picture(w, h);
            prop_assert!(x < to_x && to_x <= w && y < to_y && to_y <= h);
            prop_assert!(u64::from(x) * 1000 <= u64::from(w) * u64::from(a.left));
            prop_assert!(u64::from(to_y) * 1000 >= u64::from(h) * u64::from(a.top + a.height));
        }
    }

    #[test]
    fn what_is_no_area_is_none() {
        assert_eq!(Area::new(0, 0, 1001, 10), None);
        assert_eq!(Area::new(999, 0, 5, 10), None);
        assert_eq!(Area::new(0, 0, 4, 10), None);
        assert_eq!(Area::new(u32::MAX, 0, 5, 5), None);
        for text in ["1,2,3", "a,0,9,9", "0,0,9,9,9", "0,0,9"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
