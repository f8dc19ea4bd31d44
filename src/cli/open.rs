//! `jisseki open`: the local window.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::stream::Stream;
use super::{Exit, now};
use crate::app::{self, DEFAULT_PLAN, PlanFolder};
use crate::window::{self, Options, Told};

/// What `open` takes.
#[derive(Debug, Clone, Args)]
pub struct OpenArgs {
    /// 最初に開く計画のフォルダー。省略すると、実行したフォルダーの計画です。そこになければ、画面で選びます
    #[arg(value_name = "計画のフォルダー")]
    pub plan: Option<PathBuf>,
    /// ブラウザーを開かず、開くアドレス（1回だけ使えます）を表示します。終わるときは Ctrl+C を押します
    #[arg(long)]
    pub no_browser: bool,
    /// Opened by a double click: nobody reads what is printed, but where something went wrong.
    #[arg(long, hide = true)]
    pub detached: bool,
}

/// Opens the window, and serves it until it ends.
///
/// # Errors
/// A folder that is no plan's; as [`window::run`].
pub fn run(args: &OpenArgs, console: &Console) -> app::Result<Exit> {
    let plan = match &args.plan {
        Some(plan) => Some(PlanFolder::open(plan)?.path().to_path_buf()),
        // Who works in a plan's folder means that plan.
        None => PlanFolder::open(DEFAULT_PLAN.as_ref()).ok().map(|plan| plan.path().to_path_buf()),
    };
    let options = Options { plan, browser: !args.no_browser, clock: now };
    let tell = |told: Told| {
        match told {
        // The console of a double click closes when it reads this.
        Told::Opened if args.detached => Stream::Out.print_for_programs(OPENED),
        Told::Opened => console.result(
            "ブラウザーで開きました。画面をすべて閉じるか「終了」を押すと、終わります。",
        ),
        // Whatever else is wanted: nobody could go on without it.
        Told::At(address) => Stream::Out.print_for_programs(&address),
        Told::NoBrowser(address) => Stream::Out.print(&format!(
            "ブラウザーを開けませんでした。次のアドレスを、この PC の Edge などに貼り付けて開いてください。\n{address}"
        )),
    }
    };
    window::run(&options, &tell)?;
    Ok(Exit::Done)
}

/// What is printed where the window was opened by a double click and is there.
pub(super) const OPENED: &str = "opened";
