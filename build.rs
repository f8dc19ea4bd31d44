//! What Windows shows of the program: its icon, its version and name, what it asks of the
//! system. Nothing is done for other systems.

use std::env;
use std::io;

const ICON: &str = "tools/windows/jisseki.ico";
const MANIFEST: &str = "tools/windows/jisseki.manifest";
/// Where the line with the copyright stands.
const LICENCE: &str = "LICENSE";
/// Japanese, of Japan.
const JAPANESE: u16 = 0x0411;
const PROGRAM: &str = "jisseki";

fn main() {
    for path in ["build.rs", ICON, MANIFEST, LICENCE] {
        println!("cargo::rerun-if-changed={path}");
    }
    let of_target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if of_target("OS") != "windows" {
        return;
    }
    // Who has no resource compiler gets a program that works as well; the package is not
    // made of it.
    if let Err(error) = resource() {
        println!("cargo::warning=jisseki.exe has no icon and no version: no resource compiler ({error})");
    }
    // The same sources make the same bytes, whenever they do.
    if of_target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bin={PROGRAM}=-Wl,--no-insert-timestamp");
    }
}

fn resource() -> io::Result<()> {
    let copyright = copyright(&std::fs::read_to_string(LICENCE)?);
    let mut resource = winresource::WindowsResource::new();
    resource
        .set_language(JAPANESE)
        .set_icon(ICON)
        .set_manifest_file(MANIFEST)
        .set("FileDescription", "実績一覧作成ツール jisseki")
        .set("ProductName", "jisseki（実績）")
        .set("LegalCopyright", &copyright)
        .set("InternalName", PROGRAM)
        .set("OriginalFilename", "jisseki.exe");
    // For the program alone: the tests' programs need none of it.
    resource.compile_for(PROGRAM)
}

/// `Copyright (c) 2026 …`, as the licence says it.
fn copyright(licence: &str) -> String {
    let line = licence.lines().find(|line| line.starts_with("Copyright"));
    line.unwrap_or_default().to_owned()
}
