//! One window a user: who starts the program again gets a tab of the one that is open.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::Told;
use super::guard::AGAIN;
use super::state::Window;
use crate::storage::user_folder::{OnlyWindow, OpenWindow, UserFolder};

/// How often a window that is just opening is asked.
const TRIES: usize = 20;
/// How long between.
const WAIT: Duration = Duration::from_millis(150);
/// How long an open window takes to answer, at the longest.
const PATIENCE: Duration = Duration::from_secs(2);
/// No answer is longer, in bytes.
const LONGEST: usize = 4 << 10;

/// Opens an address in the browser that is there; where none can be opened, says where to go.
pub fn show(address: String) -> Told {
    match open::that_detached(&address) {
        Ok(()) => Told::Opened,
        Err(_) => Told::NoBrowser(address),
    }
}

/// How this window is found.
pub fn note(window: &Window) -> OpenWindow {
    OpenWindow { port: window.port, base: window.base(), secret: window.again.text().to_owned() }
}

/// Makes this the one window of its user; where one is open, opens a tab of that, and there is
/// nothing left to do. One that is just ending is waited for.
///
/// # Errors
/// Where the open one does not answer; a folder that cannot be written to.
pub fn only_or_tab(
    user: &UserFolder,
    plan: Option<&Path>,
    tell: &dyn Fn(Told),
) -> Result<Option<OnlyWindow>> {
    let plan = plan.and_then(|plan| std::path::absolute(plan).ok());
    let plan = plan.as_deref().and_then(Path::to_str).unwrap_or_default();
    for _ in 0..TRIES {
        if let Some(only) = user.open()? {
            return Ok(Some(only));
        }
        if let Some(address) = user.window().and_then(|open| ask(&open, plan).ok().flatten()) {
            tell(show(address));
            return Ok(None);
        }
        sleep(WAIT);
    }
    bail!("jisseki はすでに開いていますが、応答がありません。しばらく待ってから、もう一度開いてください")
}

/// Asks an open window for an address to start from; `None` where something else answers.
fn ask(open: &OpenWindow, plan: &str) -> io::Result<Option<String>> {
    let place = SocketAddr::from((Ipv4Addr::LOCALHOST, open.port));
    let mut stream = TcpStream::connect_timeout(&place, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let head = format!(
        "POST {}{AGAIN} HTTP/1.1\r\nHost: {place}\r\nAuthorization: Bearer {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        open.base,
        open.secret,
        plan.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(plan.as_bytes())?;
    // Whatever answers there, it answers soon or not at all.
    let (began, mut answer, mut piece) = (Instant::now(), Vec::new(), [0; 512]);
    while answer.len() < LONGEST && began.elapsed() < PATIENCE {
        match stream.read(&mut piece)? {
            0 => break,
            read => answer.extend_from_slice(&piece[..read]),
        }
    }
    let answer = String::from_utf8_lossy(&answer);
    let Some((head, address)) = answer.split_once("\r\n\r\n") else { return Ok(None) };
    // It is opened: nothing but a start address of this window.
    let key = address.strip_prefix(&format!("http://{place}{}/start?k=", open.base));
    let is_key = key.is_some_and(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_hexdigit()));
    Ok((head.starts_with("HTTP/1.1 200 ") && is_key).then(|| address.to_owned()))
}
