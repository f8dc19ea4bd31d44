//! How long the window lives: as long as a page of it is open, or a job runs.
//!
//! Counted in ticks of a second that this process itself sees: while the PC sleeps there are
//! none, so a closed lid is no silence.

use std::collections::HashSet;

/// After so many ticks without an open page it is over: who goes from one page to the next is
/// away for a moment.
const ALONE: u32 = 5;
/// After so many ticks without a sign of any page it is over: a browser that was killed does not
/// say goodbye. Pages that are hidden are let speak once a minute.
const SILENT: u32 = 120;

/// The pages that are open.
#[derive(Debug, Default)]
pub struct Life {
    pages: HashSet<String>,
    had_pages: bool,
    alone: u32,
    silent: u32,
}

impl Life {
    /// More pages at a time are nobody's: their names are not kept.
    const MOST_PAGES: usize = 1_000;

    /// A page says that it is open.
    pub fn ping(&mut self, page: &str) {
        if self.pages.len() < Self::MOST_PAGES {
            self.pages.insert(page.to_owned());
        }
        self.had_pages = true;
        (self.alone, self.silent) = (0, 0);
    }

    /// A page says that it is closed.
    pub fn bye(&mut self, page: &str) {
        self.pages.remove(page);
        self.silent = 0;
    }

    /// A browser was sent to a page just now: it gets the time to come.
    pub fn expect(&mut self) {
        (self.alone, self.silent) = (0, 0);
        self.had_pages = false;
    }

    /// A second has passed. Whether it is over.
    pub fn tick(&mut self, job_runs: bool) -> bool {
        if job_runs {
            (self.alone, self.silent) = (0, 0);
            return false;
        }
        self.silent += 1;
        self.alone = if self.pages.is_empty() && self.had_pages { self.alone + 1 } else { 0 };
        self.alone >= ALONE || self.silent >= SILENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many ticks it takes until it is over; at most a thousand.
    fn ticks(life: &mut Life) -> u32 {
        (1..1_000).find(|_| life.tick(false)).unwrap_or(1_000)
    }

    #[test]
    fn it_ends_a_moment_after_the_last_page() {
        let mut life = Life::default();
        life.ping("a");
        life.ping("b");
        life.bye("a");
        assert!((0..30).all(|_| !life.tick(false)), "another page is open");
        life.bye("b");
        assert_eq!(ticks(&mut life), ALONE);
    }

    #[test]
    fn going_to_the_next_page_is_no_end() {
        let mut life = Life::default();
        life.ping("a");
        for _ in 0..50 {
            life.bye("a");
            assert!((1..ALONE).all(|_| !life.tick(false)));
            life.ping("a");
        }
    }

    #[test]
    fn a_browser_that_was_killed_is_silent() {
        let mut life = Life::default();
        life.ping("a");
        assert_eq!(ticks(&mut life), SILENT);
        let mut never_came = Life::default();
        assert_eq!(ticks(&mut never_came), SILENT);
    }

    #[test]
    fn a_job_keeps_it_alive() {
        let mut life = Life::default();
        life.ping("a");
        life.bye("a");
        assert!((0..500).all(|_| !life.tick(true)));
        assert_eq!(ticks(&mut life), ALONE, "the time begins when the job ends");
    }

    /// A second start sends another tab, which needs its time to come.
    #[test]
    fn a_tab_that_is_expected_is_waited_for() {
        let mut life = Life::default();
        life.ping("a");
        life.bye("a");
        life.expect();
        assert!((1..60).all(|_| !life.tick(false)));
        life.ping("b");
        life.bye("b");
        assert_eq!(ticks(&mut life), ALONE);
    }
}
