//! Where somebody begins to look for a folder, without waiting for what does not answer.

use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// What a place does not answer in this time, it does not answer: a server that is switched off
/// is waited for by the system for half a minute.
const PATIENCE: Duration = Duration::from_millis(800);

/// A folder in which somebody may begin to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What people call it: 「ドキュメント」.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// The folders in which somebody begins: the user's own, that of the program, the drives.
pub fn places() -> Vec<Place> {
    let own = [
        ("ドキュメント", dirs::document_dir()),
        ("デスクトップ", dirs::desktop_dir()),
        ("ホーム", dirs::home_dir()),
        ("このプログラムのあるフォルダー", of_program()),
    ];
    let named = own.into_iter().filter_map(|(name, path)| Some((name.to_owned(), path?)));
    let mut places: Vec<(String, PathBuf)> = Vec::new();
    for (name, path) in named.chain(drives()) {
        // A system without documents of its own names the user's folder for them.
        if places.iter().all(|(_, other)| *other != path) {
            places.push((name, path));
        }
    }
    let answers = within_moment(places, |(_, path)| path.is_dir());
    let there = answers.into_iter().filter(|(_, is_there)| *is_there == Some(true));
    there.map(|((name, path), _)| Place { name, path }).collect()
}

/// The folder in which the program lies.
pub fn of_program() -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.parent()?.to_path_buf())
}

/// The roots of what this system calls a path.
fn drives() -> Vec<(String, PathBuf)> {
    if !cfg!(windows) {
        return vec![("このコンピューター".to_owned(), PathBuf::from("/"))];
    }
    let drive = |letter: char| (format!("{letter} ドライブ"), PathBuf::from(format!("{letter}:\\")));
    // A and B are drives for floppy disks, which make a noise.
    ('C'..='Z').map(drive).collect()
}

/// What is asked of each place, all at the same time; `None` of one that does not answer in a
/// moment. Its question is left behind, and ends when the system gives it up.
pub fn within_moment<P: Clone + Send + 'static, A: Send + 'static>(
    places: Vec<P>,
    ask: impl Fn(&P) -> A + Clone + Send + 'static,
) -> Vec<(P, Option<A>)> {
    let (sender, answered) = mpsc::channel();
    for (at, place) in places.iter().cloned().enumerate() {
        let (sender, ask) = (sender.clone(), ask.clone());
        // Where the system has no thread for it, there is no answer.
        let _ = thread::Builder::new().spawn(move || sender.send((at, ask(&place))));
    }
    drop(sender);
    let until = Instant::now() + PATIENCE;
    let mut answers: Vec<(P, Option<A>)> = places.into_iter().map(|place| (place, None)).collect();
    while let Ok((at, answer)) = answered.recv_timeout(until.saturating_duration_since(Instant::now())) {
        if let Some(slot) = answers.get_mut(at) {
            slot.1 = Some(answer);
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_does_not_answer_is_not_waited_for() {
        let ask = |seconds: &u64| thread::sleep(Duration::from_secs(*seconds));
        let began = Instant::now();
        let answers = within_moment(vec![0, 60, 0], ask);
        let answered: Vec<bool> = answers.iter().map(|(_, answer)| answer.is_some()).collect();
        assert_eq!(answered, [true, false, true]);
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}
