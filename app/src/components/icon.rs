//! Line icons on a 24 × 24 grid, drawn inline so that they take the colour of their text and need no request.

use dioxus::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident => $path:literal),+ $(,)?) => {
        /// The symbols of the interface.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum IconName { $($(#[$doc])* $name),+ }
        impl IconName {
            /// Every symbol, for tests and overviews.
            pub const ALL: &'static [IconName] = &[$(IconName::$name),+];
            const fn path(self) -> &'static str { match self { $(IconName::$name => $path),+ } }
        }
    };
}

icons! {
    /// Calendar with a tick: the day's work list.
    Today => "M7 5h10a3 3 0 013 3v10a3 3 0 01-3 3H7a3 3 0 01-3-3V8a3 3 0 013-3zM8 3v4M16 3v4M4 10h16M9 15l2 2 4-4",
    /// Shop front: customers.
    Customers => "M4 20V9l8-5 8 5v11M9 20v-6h6v6",
    /// Banknote: collecting.
    Collect => "M6 6h12a3 3 0 013 3v7a3 3 0 01-3 3H6a3 3 0 01-3-3V9a3 3 0 013-3zM3 10h18M8 15h3",
    /// Into the tray: handing in.
    HandIn => "M12 3v11M8 10l4 4 4-4M4 17v3h16v-3",
    /// Person.
    Me => "M12 4a4 4 0 100 8 4 4 0 000-8zM4 21c1-5 5-6 8-6s7 1 8 6",
    /// Two people: a team.
    Team => "M9 5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM2.5 20c.8-4 3.6-5 6.5-5s5.7 1 6.5 5M16 5.5a3.5 3.5 0 010 6.5M18.5 15.5c1.800.8 2.7 2.3 3 4.5",
    /// To the screen before.
    Back => "M15 5l-7 7 7 7",
    /// Into the details.
    Chevron => "M9 6l6 6-6 6",
    /// Opens downwards.
    Down => "M6 9l6 6 6-6",
    /// Magnifying glass.
    Search => "M11 5a6 6 0 100 12 6 6 0 000-12zM20 20l-4.7-4.7",
    /// Handset.
    Phone => "M6 3h4l2 5-3 2a12 12 0 005 5l2-3 5 2v4c0 2-2 3-4 2C10 18 6 14 4 7c-1-2 0-4 2-4z",
    /// Camera.
    Camera => "M4 8h3.5L9 5.5h6L16.5 8H20a1.5 1.5 0 011.5 1.5V18a1.5 1.5 0 01-1.5 1.5H4A1.5 1.5 0 012.5 18V9.5A1.5 1.5 0 014 8zM12 10a3.5 3.5 0 100 7 3.5 3.5 0 000-7z",
    /// Place on a map.
    Pin => "M12 21c4.5-4.7 7-8.2 7-11a7 7 0 10-14 0c0 2.8 2.5 6.3 7 11zM12 7.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z",
    /// Add.
    Plus => "M12 5v14M5 12h14",
    /// Take away.
    Minus => "M5 12h14",
    /// Done.
    Check => "M5 12.5l4.5 4.5L19 7.5",
    /// Attention.
    Alert => "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17.2v.1",
    /// Information.
    Info => "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 11v5M12 8v.1",
    /// Away.
    Close => "M6 6l12 12M18 6L6 18",
    /// Two arrows in a circle: synchronising.
    Sync => "M20 11a8 8 0 00-14.3-4L4 9M4 4v5h5M4 13a8 8 0 0014.3 4l1.7-2M20 20v-5h-5",
    /// Struck-out cloud: no signal.
    CloudOff => "M3 3l18 18M8.5 6.5A6 6 0 0117.7 10 4.3 4.3 0 0119.8 17.5M15 18.5H7A4.5 4.5 0 016 9.7",
    /// Cloud with a tick: with the server.
    CloudCheck => "M7 18.5a4.5 4.5 0 01-1-8.9 6 6 0 0111.700.4 4.3 4.3 0 01-.7 8.5zM9 14l2.2 2.2L15 12.4",
    /// Pen: sign, write.
    Pen => "M4 20l1-4.5L16.5 4a2 2 0 013 0l.5.5a2 2 0 010 3L8.5 19zM14.5 6l3.5 3.5",
    /// Out of a box: share.
    Share => "M12 15V3.5M8 7l4-4 4 4M6 11H5v9.5h14V11h-1",
    /// Paper plane: send.
    Send => "M20.5 3.5L10 14M20.5 3.5L14 20.5 10 14 3.5 10z",
    /// Printer.
    Print => "M7 8V3.5h10V8M7 17H4.5a1 1 0 01-1-1v-6a2 2 0 012-2h13a2 2 0 012 2v6a1 1 0 01-1 1H17M7 14h10v6.5H7z",
    /// Funnel.
    Filter => "M4 5h16l-6.2 7.5V19l-3.6 1.5v-8z",
    /// Three dots.
    More => "M5.5 12h.1M12 12h.1M18.4 12h.1",
    /// Clock.
    Clock => "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 7.5V12l3 2",
    /// Sheet of paper.
    Document => "M6.5 3.5H14l4.5 4.5v12.5h-12zM14 3.5V8h4.5M9.5 12.5h6M9.5 16h6",
    /// Speech bubble.
    Comment => "M5 5h14a1.5 1.5 0 011.5 1.5v9A1.5 1.5 0 0119 17h-6l-4.5 4v-4H5a1.5 1.5 0 01-1.5-1.5v-9A1.5 1.5 0 015 5z",
    /// Padlock.
    Lock => "M6.5 11h11v9.5h-11zM8.5 11V8a3.5 3.5 0 017 0v3",
    /// Globe: language.
    Globe => "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM3.5 12h17M12 3.5c2.5 2.5 3.5 5.5 3.5 8.5s-1 6-3.5 8.5c-2.5-2.5-3.5-5.5-3.5-8.5s1-6 3.5-8.5z",
    /// Telephone as a device.
    Device => "M8 2.8h8a1.5 1.5 0 011.5 1.5v15.4a1.5 1.5 0 01-1.5 1.5H8a1.5 1.5 0 01-1.5-1.5V4.3A1.5 1.5 0 018 2.8zM11 18.2h2",
    /// Handshake drawn as two ticks: a promise.
    Promise => "M6.5 3.5H14l4.5 4.5v12.5h-12zM14 3.5V8h4.5M9 15l2.2 2.2L15.5 12.5",
    /// Backspace key.
    Backspace => "M9 6h11v12H9l-6-6zM12 9.5l5 5M17 9.5l-5 5",
    /// Curved arrow back.
    Undo => "M9 14L4.5 9.5 9 5M5 9.5h9a5.5 5.5 0 010 11h-3",
    /// Waste bin.
    Trash => "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13.5h9l1-13.5M10 11v6M14 11v6",
    /// Picture.
    Photo => "M5 4.5h14A1.5 1.5 0 0120.5 6v12a1.5 1.5 0 01-1.5 1.5H5A1.5 1.5 0 013.5 18V6A1.5 1.5 0 015 4.5zM4 17l5-5.5 4 4 2.5-2.5 4.5 4.5M15.5 8.2v.1",
    /// Square code.
    QrCode => "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5M20 14v.1M14 20h.1M17.5 20H20v-2.5",
    /// Bars: figures.
    Chart => "M4.5 20V11M10 20V4.5M15.5 20v-6.5M20.5 20H3.5",
}

/// A symbol. Without a `label` it is decoration and not read aloud.
#[component]
pub fn Icon(
    name: IconName,
    #[props(default)] label: Option<String>,
    #[props(default)] class: &'static str,
) -> Element {
    rsx! {
        svg {
            class: "icon {class}",
            view_box: "0 0 24 24",
            role: label.is_some().then_some("img"),
            "aria-label": label.clone(),
            "aria-hidden": label.is_none().then_some("true"),
            path { d: name.path() }
        }
    }
}
