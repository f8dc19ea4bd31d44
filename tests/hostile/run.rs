//! Runs the program within bounds. Its peak memory is read where the system tells it of a
//! running process as a text: on Linux.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What the program may take. An unoptimised build gets more time, not more memory; the one
/// for Windows, whose libraries are hardly optimised either, the most.
const SECONDS: f64 = match (cfg!(debug_assertions), cfg!(windows)) {
    (false, _) => 2.0,
    (true, false) => 8.0,
    (true, true) => 24.0,
};
const MEGABYTES: u64 = 200;

/// How a run ended.
pub struct Ended {
    /// The exit code; 0 or 1 or 2, never a signal or a panic's 101.
    pub code: i32,
    /// Both streams of output.
    pub said: String,
}

/// Where the program is, from whatever folder it is run.
pub fn program() -> PathBuf {
    std::path::absolute(env!("CARGO_BIN_EXE_jisseki")).unwrap()
}

/// Where the project is.
pub fn root() -> PathBuf {
    std::path::absolute(env!("CARGO_MANIFEST_DIR")).unwrap()
}

/// Runs the program with these arguments, in `folder`. Panics where it takes more time
/// or memory than any file may cost, or ends in another way than its exit codes say.
pub fn ended(name: &str, folder: &Path, arguments: &[&str]) -> Ended {
    let began = Instant::now();
    let mut child = Command::new(program())
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        // A pipe would have to be emptied while the program runs.
        .stdout(std::fs::File::create(folder.join("stdout.txt")).unwrap())
        .stderr(std::fs::File::create(folder.join("stderr.txt")).unwrap())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or(0) / 1024);
        if began.elapsed() > Duration::from_secs(60) || peak > 4 * MEGABYTES {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{name}: {:?}, {peak} MB and no end", began.elapsed());
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let took = began.elapsed();
    println!("{name}: {took:?}, {peak} MB");
    // Files that people open begin with a byte order mark on Windows.
    let read = |name: &str| {
        let text = String::from_utf8_lossy(&std::fs::read(folder.join(name)).unwrap()).into_owned();
        text.trim_start_matches('\u{feff}').to_owned()
    };
    let said = read("stderr.txt") + &read("stdout.txt");
    let shown: String = said.chars().take(2_000).collect();
    let code = status.code().unwrap_or_else(|| panic!("{name}: {status:?}\n{shown}"));
    assert!((0..=2).contains(&code), "{name}: {code}\n{shown}");
    assert!(took.as_secs_f64() < SECONDS, "{name}: {took:?}\n{shown}");
    assert!(peak < MEGABYTES, "{name}: {peak} MB\n{shown}");
    Ended { code, said }
}

/// Hands the program a returned file; what it says names the file and the code
/// `expected` (empty where the file may be read).
pub fn collected(name: &str, bytes: &[u8], expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let plan = root().join("tests/returns/plan");
    let ended = ended(name, folder.path(), &["collect", plan.to_str().unwrap(), name, "--dry-run"]);
    assert!(ended.code < 2, "{name}: {}", ended.said);
    assert!(ended.said.contains(name) && ended.said.contains(expected), "{name}: {}", ended.said);
    // No name of a part is ever a path.
    assert!(!folder.path().parent().unwrap().join("evil.xml").exists());
}
