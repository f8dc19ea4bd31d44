//! Lengths on paper.
//!
//! Kept as whole EMU (English Metric Units: 12,700 to the point, 36,000 to the
//! millimetre), the unit of Office Open XML, in which both millimetres and points
//! are whole. So widths add up exactly, the same on every machine, and lengths can
//! be compared and hashed.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

/// A length on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Length(i64);

const EMU_PER_PT: i64 = 12_700;
const EMU_PER_MM: i64 = 36_000;

impl Length {
    /// No length.
    pub const ZERO: Self = Self(0);

    /// From millimetres, to the nearest EMU. What is not finite counts as zero.
    pub fn mm(mm: f64) -> Self {
        Self::scaled(mm, EMU_PER_MM)
    }

    /// From points (1/72 inch), to the nearest EMU. What is not finite counts as zero.
    pub fn pt(pt: f64) -> Self {
        Self::scaled(pt, EMU_PER_PT)
    }

    fn scaled(value: f64, unit: i64) -> Self {
        // `as` saturates, and turns NaN into 0: no input can overflow here.
        Self((value * unit as f64).round() as i64)
    }

    /// The width of a glyph: `advance` font units of `units_per_em` at this size.
    pub(crate) fn of_advance(self, advance: u16, units_per_em: u16) -> Self {
        Self(self.0 * i64::from(advance) / i64::from(units_per_em.max(1)))
    }

    /// In millimetres.
    pub fn to_mm(self) -> f64 {
        self.0 as f64 / EMU_PER_MM as f64
    }

    /// In points.
    pub fn to_pt(self) -> f64 {
        self.0 as f64 / EMU_PER_PT as f64
    }

    /// This share of the length, rounded down.
    pub(crate) fn share(self, part: i64, whole: i64) -> Self {
        Self((i128::from(self.0) * i128::from(part) / i128::from(whole.max(1))) as i64)
    }

    /// The length scaled by `factor`, to the nearest EMU.
    pub(crate) fn times(self, factor: f64) -> Self {
        Self((self.0 as f64 * factor).round() as i64)
    }

    /// The next multiple of `step`, at or above the length.
    pub(crate) fn up_to_multiple_of(self, step: Self) -> Self {
        let step = step.0.max(1);
        Self(self.0.div_euclid(step) * step + if self.0.rem_euclid(step) == 0 { 0 } else { step })
    }

    /// The number of EMU, for proportions.
    pub fn emu(self) -> i64 {
        self.0
    }
}

impl Add for Length {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Length {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl SubAssign for Length {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Mul<i64> for Length {
    type Output = Self;
    fn mul(self, times: i64) -> Self {
        Self(self.0 * times)
    }
}

impl Div<i64> for Length {
    type Output = Self;
    fn div(self, parts: i64) -> Self {
        Self(self.0 / parts)
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Length> for Length {
    fn sum<I: Iterator<Item = &'a Length>>(all: I) -> Self {
        all.copied().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn millimetres_and_points_are_whole() {
        assert_eq!(Length::mm(273.0), Length::mm(7.0) + Length::mm(88.0) + Length::mm(178.0));
        assert_eq!(Length::pt(0.75) * 4, Length::pt(3.0));
        assert_eq!(Length::mm(25.4), Length::pt(72.0));
    }

    #[test]
    fn rounding_up_to_a_step_never_shrinks() {
        let step = Length::pt(0.75);
        assert_eq!(Length::pt(0.75).up_to_multiple_of(step), Length::pt(0.75));
        assert_eq!(Length::pt(0.76).up_to_multiple_of(step), Length::pt(1.5));
        assert_eq!(Length::ZERO.up_to_multiple_of(step), Length::ZERO);
    }
}
