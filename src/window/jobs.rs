//! What takes a while: it runs beside the pages, says how far it is, and can be stopped.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::answer::said_of;
use super::secret::Secret;
use crate::app::{Failure, Observer};
use crate::visible::visible;

/// So many jobs are remembered, with what came of them.
const MOST_JOBS: usize = 50;

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
    /// Its user has stopped it.
    pub is_stopped: bool,
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
        let mut outcome = Outcome::default();
        match done {
            Ok(Ok(html)) => outcome.html = html,
            Ok(Err(Failure::Stopped)) => outcome.is_stopped = true,
            Ok(Err(failure)) => outcome.failure = said_of(&failure),
            Err(_) => outcome.failure = vec!["プログラムの不具合で停止しました。".to_owned()],
        }
        outcome.notices = progress.notices.into_inner().unwrap_or_else(PoisonError::into_inner);
        job.state.send_replace(State::Done(Arc::new(outcome)));
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
