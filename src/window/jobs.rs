//! What takes a while: it runs beside the pages, says how far it is, and can be stopped.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::answer::said_of;
use super::secret::Secret;
use crate::app::{Failure, Observer};
use crate::finding::Findings;
use crate::visible::visible;

/// So many jobs are remembered, with what came of them.
const MOST_JOBS: usize = 50;
/// And so many bytes of what they have drawn; the last is remembered whatever it drew.
const MOST_BYTES: usize = 32 << 20;

/// What a page asks to be done.
pub struct Order {
    /// What it is, as the heading of its page: 「文書を作る」.
    pub title: String,
    /// The ID of the plan.
    pub plan: String,
    /// Where its page belongs.
    pub step: super::step::Step,
    /// The year that its page goes on with.
    pub year: Option<crate::plan::FiscalYear>,
}

/// A job.
pub struct Job {
    /// What it is.
    pub order: Order,
    is_stopped: AtomicBool,
    state: watch::Sender<State>,
}

/// How far a job is.
#[derive(Debug, Clone)]
pub enum State {
    /// What is being done; with how much of it is done in front, where that is known.
    Running(String),
    /// It is over.
    Done(Arc<Outcome>),
}

/// What came of a job.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What is to be known whatever came of it.
    pub notices: Vec<String>,
    /// Its page, without the frame: what the job has drawn. Empty where it failed.
    pub html: String,
    /// Why it failed, a line each.
    pub failure: Vec<String>,
    /// What was found where it failed.
    pub findings: Findings,
    /// Its user has stopped it.
    pub is_stopped: bool,
}

impl Outcome {
    fn of(done: Result<String, Failure>) -> Self {
        match done {
            Ok(html) => Self { html, ..Self::default() },
            Err(Failure::Stopped) => Self { is_stopped: true, ..Self::default() },
            Err(Failure::Findings(findings)) => {
                let failure =
                    vec!["できませんでした。次のエラーを直してから、もう一度実行してください。".to_owned()];
                Self { failure, findings, ..Self::default() }
            }
            Err(Failure::Environment { error, findings }) => Self {
                failure: vec![visible(&format!("{error:#}")).into_owned()],
                findings,
                ..Self::default()
            },
            Err(failure) => Self { failure: said_of(&failure), ..Self::default() },
        }
    }
}

/// What whoever mends the program has to know of a panic.
fn said_of_bug(bug: &(dyn Any + Send)) -> Vec<String> {
    let text = bug.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| bug.downcast_ref::<&str>().copied()).unwrap_or("原因の記録がありません");
    vec![
        "プログラムの不具合で停止しました。お手数ですが、次の行を開発元に連絡してください。".to_owned(),
        visible(text).into_owned(),
    ]
}

/// The jobs of a window.
#[derive(Default)]
pub struct Jobs {
    jobs: Mutex<VecDeque<(String, Arc<Job>)>>,
}

impl Jobs {
    /// A job by its ID.
    pub fn get(&self, id: &str) -> Option<Arc<Job>> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.iter().find(|(known, _)| known == id).map(|(_, job)| Arc::clone(job))
    }

    /// Whether one runs.
    pub fn run(&self) -> bool {
        !self.running().is_empty()
    }

    /// Those that run, with their IDs.
    pub fn running(&self) -> Vec<(String, Arc<Job>)> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.iter().filter(|(_, job)| job.is_running()).cloned().collect()
    }

    /// Asks all that run to stop at their next step.
    pub fn stop(&self) {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.iter().for_each(|(_, job)| job.stop());
    }

    fn add(&self, job: &Arc<Job>) -> anyhow::Result<String> {
        let id = Secret::new()?.text()[..16].to_owned();
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        while jobs.len() >= MOST_JOBS {
            let Some(over) = jobs.iter().position(|(_, job)| !job.is_running()) else { break };
            jobs.remove(over);
        }
        jobs.push_back((id.clone(), Arc::clone(job)));
        Ok(id)
    }

    /// Forgets the oldest that are over, but not `last`, until what the others have drawn is within
    /// bounds.
    fn forget(&self, last: &Arc<Job>) {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes: usize = jobs.iter().map(|(_, job)| job.drawn()).sum();
        jobs.retain(|(_, job)| {
            let is_kept = bytes <= MOST_BYTES || job.is_running() || Arc::ptr_eq(job, last);
            if !is_kept {
                bytes -= job.drawn();
            }
            is_kept
        });
    }
}

impl Job {
    /// How far it is, and that it is further.
    pub fn state(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// Asks it to stop at its next step.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    fn is_running(&self) -> bool {
        matches!(*self.state.borrow(), State::Running(_))
    }

    /// How many bytes it has drawn.
    fn drawn(&self) -> usize {
        match &*self.state.borrow() {
            State::Running(_) => 0,
            State::Done(outcome) => outcome.html.len(),
        }
    }
}

/// Begins a job of a window; `work` does it and draws what came of it, without the frame of the page. The
/// address of its page.
///
/// # Errors
/// Where the system has no random numbers.
pub fn begin<W: AsRef<Jobs> + Send + Sync + 'static>(
    window: &Arc<W>,
    order: Order,
    work: impl FnOnce(&Arc<W>, &dyn Observer) -> Result<String, Failure> + Send + 'static,
) -> anyhow::Result<String> {
    let state = watch::Sender::new(State::Running("準備しています".to_owned()));
    let job = Arc::new(Job { order, is_stopped: AtomicBool::new(false), state });
    let id = W::as_ref(window).add(&job)?;
    let window = Arc::clone(window);
    tokio::task::spawn_blocking(move || {
        let progress = Progress { job: &job, doing: Mutex::default(), notices: Mutex::default() };
        let unwind = std::panic::AssertUnwindSafe(|| work(&window, &progress));
        let done = std::panic::catch_unwind(unwind);
        let mut outcome = match done {
            Ok(done) => Outcome::of(done),
            Err(bug) => Outcome { failure: said_of_bug(&*bug), ..Outcome::default() },
        };
        outcome.notices = progress.notices.into_inner().unwrap_or_else(PoisonError::into_inner);
        job.state.send_replace(State::Done(Arc::new(outcome)));
        W::as_ref(&window).forget(&job);
    });
    Ok(format!("/jobs/{id}"))
}

/// Tells the pages how far a job is.
struct Progress<'a> {
    job: &'a Job,
    /// The step that it is at.
    doing: Mutex<String>,
    notices: Mutex<Vec<String>>,
}

impl Progress<'_> {
    fn go_on(&self) -> Result<(), Failure> {
        if self.job.is_stopped.load(Ordering::Relaxed) { Err(Failure::Stopped) } else { Ok(()) }
    }
}

impl Observer for Progress<'_> {
    fn step(&self, doing: &str) -> Result<(), Failure> {
        self.go_on()?;
        doing.clone_into(&mut self.doing.lock().unwrap_or_else(PoisonError::into_inner));
        self.job.state.send_replace(State::Running(doing.to_owned()));
        Ok(())
    }

    /// As the script of the page reads it: 「3/12 確かめています」.
    fn progress(&self, done: usize, all: usize) -> Result<(), Failure> {
        self.go_on()?;
        let doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner);
        self.job.state.send_replace(State::Running(format!("{done}/{all} {doing}")));
        Ok(())
    }

    fn notice(&self, line: &str) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        notices.push(visible(line).into_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::step::Step;

    /// A job that has drawn so much.
    fn over(jobs: &Jobs, bytes: usize) -> (String, Arc<Job>) {
        let order = Order { title: String::new(), plan: String::new(), step: Step::Build, year: None };
        let outcome = Outcome { html: "x".repeat(bytes), ..Outcome::default() };
        let state = watch::Sender::new(State::Done(Arc::new(outcome)));
        let job = Arc::new(Job { order, is_stopped: AtomicBool::new(false), state });
        let id = jobs.add(&job).unwrap_or_default();
        jobs.forget(&job);
        (id, job)
    }

    #[test]
    fn the_oldest_are_forgotten_where_much_was_drawn() {
        let jobs = Jobs::default();
        let ids = [1, MOST_BYTES / 2, MOST_BYTES / 2].map(|bytes| over(&jobs, bytes).0);
        assert_eq!(ids.each_ref().map(|id| jobs.get(id).is_some()), [false, true, true]);
        let (last, _) = over(&jobs, MOST_BYTES + 1);
        assert!(jobs.get(&last).is_some() && ids.iter().all(|id| jobs.get(id).is_none()));
    }

    #[test]
    fn a_bug_is_told_with_its_text() {
        let bug = std::panic::catch_unwind(|| panic!("索引 {}", 3)).unwrap_err();
        assert_eq!(said_of_bug(&*bug)[1], "索引 3");
    }
}
