//! A city's own template may hold anything: it is read or refused, never a panic; and what
//! is read sets a plan's pages, or is refused then.
//!
//! `cargo +nightly fuzz run read_template -- -max_total_time=60`
#![no_main]

use std::sync::LazyLock;

use jisseki::layout::font::{FontFiles, Fonts};
use jisseki::layout::template::Template;
use jisseki::layout::{self, Options};
use jisseki::master::{self, Master};
use jisseki::settings::Settings;
use libfuzzer_sys::fuzz_target;

static FILES: LazyLock<FontFiles> = LazyLock::new(FontFiles::default);
static FONTS: LazyLock<Fonts<'static>> = LazyLock::new(|| Fonts::parse(&FILES).expect("the bundled fonts are sound"));

static PLAN: LazyLock<(Settings, Master)> = LazyLock::new(|| {
    let part = |name: &str| {
        let files = jisseki::init::example(&[]);
        files.into_iter().find(|file| file.name == name).expect("the example has it").bytes
    };
    let settings = Settings::read(&part("plan.toml"), "plan.toml").expect("the example is sound");
    let (master, _) = master::read(&part("master.csv"), "master.csv", &settings);
    (settings, master.expect("the example is sound"))
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(template) = Template::read(bytes, "template.toml") {
        let (settings, master) = &*PLAN;
        let _ = layout::set(&master.plan, settings, &template, &FONTS, &Options::default());
    }
});
