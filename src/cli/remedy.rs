//! The remedies of refusals, by the options of the command line.

use anyhow::{Error, anyhow};

use crate::app::{Refused, Remedy, listed};

/// An error as it is told here: with the option that is its remedy, where it has one.
pub fn told(error: Error) -> Error {
    match error.downcast::<Refused>() {
        Ok(Refused { what, remedy }) => anyhow!("{what}。{}", options(&remedy)),
        Err(error) => error,
    }
}

fn options(remedy: &Remedy) -> String {
    match remedy {
        Remedy::Year(years) => return format!("--year に書けるのは {} です", listed(years)),
        Remedy::OneDocument => {
            "plan.toml の [[documents]] の template に書くか、build で --document に文書を1つ指定してください"
        }
        Remedy::Revise => "訂正するときは --revise \"訂正の理由\" を付けてください",
        Remedy::DoNotRevise => "--revise を付けずに実行してください",
        Remedy::Reason => "--revise には訂正の理由を書いてください",
        Remedy::FollowLinks => "そこに保存してよければ --follow-links を付けてください",
        Remedy::OtherName => "--out で別の名前を指定してください",
    }
    .to_owned()
}
