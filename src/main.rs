//! The `jisseki` program; see [`jisseki::commands`].

fn main() -> std::process::ExitCode {
    jisseki::commands::run(std::env::args_os())
}
