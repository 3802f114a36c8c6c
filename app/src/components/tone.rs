//! The five voices in which the interface speaks; each is a colour pair checked for contrast.

/// What a tag, banner or item says by its colour. Never the only carrier of meaning: the words say it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Plain fact.
    #[default]
    Neutral,
    /// Broken promises, overdue, rejected, destructive.
    Red,
    /// Due soon, waiting, missing.
    Amber,
    /// Kept, confirmed, on the spot.
    Green,
    /// Planned, linked, can be done.
    Teal,
}

impl Tone {
    /// The CSS class of text and tags in this tone.
    pub const fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "neutral",
            Tone::Red => "red",
            Tone::Amber => "amber",
            Tone::Green => "green",
            Tone::Teal => "teal",
        }
    }

    /// The CSS class of a surface (card, banner) in this tone.
    pub const fn surface_class(self) -> &'static str {
        match self {
            Tone::Neutral => "",
            Tone::Red => "bad",
            Tone::Amber => "warn",
            Tone::Green => "good",
            Tone::Teal => "note",
        }
    }
}
