//! One window a user: who starts the program again gets a tab of the one that is open.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, bail};

use super::Told;
use super::guard::AGAIN;
use super::state::Window;
use crate::storage::user_folder::{OpenWindow, UserFolder};

/// How often a window that is just opening is asked.
const TRIES: usize = 20;
/// How long between.
const WAIT: Duration = Duration::from_millis(150);
/// How long an open window takes to answer, at the longest.
const PATIENCE: Duration = Duration::from_secs(2);
/// No answer is longer, in bytes.
const LONGEST: u64 = 64 << 10;

/// Opens an address in the browser that is there; where none can be opened, says where to go.
pub fn show(address: String) -> Told {
    match open::that_detached(&address) {
        Ok(()) => Told::Opened,
        Err(_) => Told::NoBrowser(address),
    }
}

/// How this window is found.
pub fn note(window: &Window) -> OpenWindow {
    OpenWindow { port: window.port, secret: window.again.text().to_owned() }
}

/// Opens a tab of the window that is open.
///
/// # Errors
/// Where it does not answer.
pub fn tab_of_open_window(user: &UserFolder, plan: Option<&Path>, tell: &dyn Fn(Told)) -> Result<()> {
    let plan = plan.and_then(|plan| std::path::absolute(plan).ok());
    let plan = plan.as_deref().and_then(Path::to_str).unwrap_or_default();
    for _ in 0..TRIES {
        if let Some(address) = user.window().and_then(|open| ask(&open, plan).ok().flatten()) {
            tell(show(address));
            return Ok(());
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
        "POST {AGAIN} HTTP/1.1\r\nHost: {place}\r\nAuthorization: Bearer {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        open.secret,
        plan.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(plan.as_bytes())?;
    let mut answer = String::new();
    stream.take(LONGEST).read_to_string(&mut answer)?;
    let Some((head, address)) = answer.split_once("\r\n\r\n") else { return Ok(None) };
    let begins = format!("http://{place}/start?k=");
    Ok((head.starts_with("HTTP/1.1 200 ") && address.starts_with(&begins)).then(|| address.to_owned()))
}
