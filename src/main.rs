//! The `jisseki` program; see [`jisseki::cli`].

fn main() -> std::process::ExitCode {
    jisseki::cli::run(std::env::args_os())
}
