//! Independent pieces of work, shared out among the cores.
//!
//! One policy for work that panics: it takes nothing else with it, and stands as [`Stopped`]
//! where its outcome would; it is never taken for work done.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// No more cores are used at a time: each has a piece of work in memory, and a few are
/// fast enough.
const MOST: usize = 4;
/// So many pieces are done between two questions whether to go on.
const FEW: usize = 4 * MOST;

/// The threads, made when they are first needed; `None` where the system makes none. Then
/// work is done in its order.
fn pool() -> Option<&'static ThreadPool> {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let cores = || std::thread::available_parallelism().map_or(1, usize::from).min(MOST);
    POOL.get_or_init(|| ThreadPoolBuilder::new().num_threads(cores()).build().ok()).as_ref()
}

/// A piece of work that ended without an outcome. What it was doing is its caller's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("途中で止まりました")]
pub struct Stopped;

/// Does `work` for each of the items, each core taking the next; the outcomes in the order
/// of the items.
pub fn each<'t, T: Sync, O: Send>(
    items: &'t [T],
    work: impl Fn(&'t T) -> O + Sync,
) -> Vec<Result<O, Stopped>> {
    let whole = |item| whole(|| work(item));
    match pool() {
        Some(pool) => pool.install(|| items.par_iter().with_max_len(1).map(whole).collect()),
        None => items.iter().map(whole).collect(),
    }
}

/// The same, a few at a time: before each few `between` is told how many are done. The first
/// error that it gives ends the work.
///
/// # Errors
/// That one.
pub fn each_few<'t, T: Sync, O: Send, E>(
    items: &'t [T],
    work: impl Fn(&'t T) -> O + Sync,
    mut between: impl FnMut(usize) -> Result<(), E>,
) -> Result<Vec<Result<O, Stopped>>, E> {
    let mut outcomes = Vec::with_capacity(items.len());
    for few in items.chunks(FEW) {
        between(outcomes.len())?;
        outcomes.extend(each(few, &work));
    }
    Ok(outcomes)
}

/// Does two pieces of work, each on a core of its own where there are two.
pub fn both<A: Send, B: Send>(
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (Result<A, Stopped>, Result<B, Stopped>) {
    let (first, second) = (|| whole(first), || whole(second));
    match pool() {
        Some(pool) => pool.join(first, second),
        None => (first(), second()),
    }
}

/// The outcome of a piece of work. What it leaves half done is its own and is dropped.
fn whole<O>(work: impl FnOnce() -> O) -> Result<O, Stopped> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Stopped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_panics_takes_nothing_with_it() {
        let numbers: Vec<u32> = (0..100).collect();
        let outcomes = each(&numbers, |number| {
            assert_ne!(*number, 42);
            number * 2
        });
        for (number, outcome) in numbers.iter().zip(outcomes) {
            assert_eq!(outcome, if *number == 42 { Err(Stopped) } else { Ok(number * 2) });
        }
        let mut told = Vec::new();
        let stops = |done| {
            told.push(done);
            if done < 2 * FEW { Ok(()) } else { Err(done) }
        };
        assert_eq!(each_few(&numbers, |number| *number, stops), Err(2 * FEW));
        assert_eq!(told, [0, FEW, 2 * FEW]);
        let all = each_few(&numbers, |number| *number, |_| Ok::<_, ()>(())).unwrap_or_default();
        assert!(all.into_iter().map(Result::unwrap_or_default).eq(numbers));
        assert_eq!(both(|| 1, || -> u32 { panic!("on purpose") }), (Ok(1), Err(Stopped)));
    }
}
