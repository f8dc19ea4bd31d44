//! Standard output and standard error, as their readers read them.
//!
//! Styles reach only a terminal that shows them (`anstream`, with `NO_COLOR` and the like):
//! on Windows a console has to be told to obey escape sequences, and old ones never do.
//!
//! On Windows a *file* that begins with what is printed (`> 結果.txt`) begins with a UTF-8
//! mark: Excel and the older Notepads take a file without one for Shift_JIS. A pipe gets
//! none, nor does what is meant for programs.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::{AutoStream, ColorChoice};

/// How UTF-8 is told from Shift_JIS.
const MARK: &str = "\u{FEFF}";

/// Where something is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output: results.
    Out,
    /// Standard error: messages.
    Err,
}

impl Stream {
    /// Whether a person reads it as it is printed.
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Out => io::stdout().is_terminal(),
            Self::Err => io::stderr().is_terminal(),
        }
    }

    /// Whether it shows colours, and whether they are wanted.
    pub fn has_colour(self) -> bool {
        let choice = match self {
            Self::Out => AutoStream::choice(&io::stdout()),
            Self::Err => AutoStream::choice(&io::stderr()),
        };
        choice != ColorChoice::Never
    }

    /// Prints a text for people, with a line break at its end.
    pub fn print(self, text: &str) {
        let mark = if begins_a_file(self) { MARK } else { "" };
        self.write(mark, text);
    }

    /// Prints a text for programs: as it is, into files too.
    pub fn print_for_programs(self, text: &str) {
        self.write("", text);
    }

    /// Who no longer reads cannot be told so. That what was to be kept could not be is
    /// remembered: a disk may be full.
    fn write(self, mark: &str, text: &str) {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let written = match self {
            Self::Out => write!(AutoStream::auto(io::stdout().lock()), "{mark}{text}{end}"),
            Self::Err => write!(AutoStream::auto(io::stderr().lock()), "{mark}{text}{end}"),
        };
        if self == Self::Out {
            remember(written);
        }
    }

    /// Whether something of the results could not be written.
    pub fn has_lost() -> bool {
        remember(io::stdout().flush());
        LOST.load(Ordering::Relaxed)
    }
}

/// Remembers that a result could not be written, but where nobody reads any more.
fn remember(written: io::Result<()>) {
    if written.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
        LOST.store(true, Ordering::Relaxed);
    }
}

/// The streams are the process's; so is what became of them.
static LOST: AtomicBool = AtomicBool::new(false);

/// Whether what is printed next is the beginning of a file on a disk.
#[cfg(windows)]
fn begins_a_file(stream: Stream) -> bool {
    use std::fs::File;
    use std::os::windows::io::AsHandle;

    use winapi_util::file::typ;

    let (kind, handle) = match stream {
        Stream::Out => (typ(io::stdout()), io::stdout().as_handle().try_clone_to_owned()),
        Stream::Err => (typ(io::stderr()), io::stderr().as_handle().try_clone_to_owned()),
    };
    // Of a pipe too a size may be had, which is 0. Where both streams go to one file, or one
    // is added to, it is not empty any more.
    let (Ok(kind), Ok(handle)) = (kind, handle) else { return false };
    kind.is_disk() && File::from(handle).metadata().is_ok_and(|data| data.len() == 0)
}

/// Elsewhere every program reads UTF-8, and a mark would be a stray character to most.
#[cfg(not(windows))]
fn begins_a_file(_stream: Stream) -> bool {
    false
}
