use jisseki::*;
use std::time::Instant;
fn main() {
    let settings: settings::Settings =
        toml::from_str(&std::fs::read_to_string("data/nemuro/plan.toml").unwrap()).unwrap();
    let bytes = std::fs::read("data/nemuro/master.csv").unwrap();
    for _ in 0..3 {
        let t = Instant::now();
        let (master, findings) = master::read(&bytes, "master.csv", &settings);
        println!("read {:?} findings {}", t.elapsed(), findings.len());
        let master = master.unwrap();
        let t = Instant::now();
        let template = layout::template::Template::official();
        let files = layout::font::FontFiles::default();
        let fonts = layout::font::Fonts::parse(&files).unwrap();
        println!("template+fonts {:?}", t.elapsed());
        let t = Instant::now();
        let document = layout::set(&master.plan, &settings, &template, &fonts, &Default::default()).unwrap();
        println!(
            "layout {:?} pages {} cells {}",
            t.elapsed(),
            document.page_count(),
            document.sheets.iter().map(|s| s.cells.len()).sum::<usize>()
        );
        let t = Instant::now();
        let meta = render::Meta {
            title: settings.plan.title.clone(),
            author: settings.plan.city.clone(),
            subject: settings.plan.name.clone(),
            keywords: vec!["KPI".into()],
            date: chrono::NaiveDate::from_ymd_opt(2024, 6, 10).unwrap(),
        };
        let pdf = render::pdf::to_bytes(&document, &fonts, &meta).unwrap();
        println!("pdf {:?} {} bytes", t.elapsed(), pdf.len());
        std::fs::write("/tmp/probe.pdf", pdf).unwrap();
    }
}
