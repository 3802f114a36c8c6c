//! To come.

use crate::Figures;

pub fn run(_figures: &mut Figures) {}
