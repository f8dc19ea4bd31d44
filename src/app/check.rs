//! What is wrong with a master, and nothing else.

use std::path::PathBuf;

use serde::Serialize;

use super::{Choice, PlanFolder, Result};
use crate::finding::Findings;

/// What is to be looked at.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder.
    pub plan: PathBuf,
}

/// What was found.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Report {
    /// Everything that is wrong, errors and warnings.
    pub findings: Findings,
}

/// Reads and checks a plan.
///
/// # Errors
/// A master of which too little can be read to check it; a file that cannot be opened.
pub fn run(request: &Request) -> Result<Report> {
    let examined = PlanFolder::open(&request.plan)?.examine(&Choice::default())?;
    Ok(Report { findings: examined.findings })
}
