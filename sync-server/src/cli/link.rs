//! Sign-in links: a one-time code behind the app's address, for reading, for typing, and as QR code.

use std::io::IsTerminal;

use qrcode::{QrCode, render::unicode::Dense1x2};
use shared::ids::PersonId;

use super::{CliError, random};
use crate::store::{Store, devices};

/// A link that signs one device in.
pub(super) struct SignInLink {
    /// The whole link.
    pub link: String,
    /// The code in it, as it is typed.
    pub code: String,
}

/// Makes a code for a person and the link around it.
pub(super) fn make(store: &Store, person: PersonId, url: &str) -> Result<SignInLink, CliError> {
    let random = random()?;
    let code = store.write(|tx| {
        let now = tx.now();
        devices::create_code(tx, person, now, random).map_err(CliError::from)
    })?;
    Ok(SignInLink {
        link: format!("{}/enrol#{code}", url.trim_end_matches('/')),
        code,
    })
}

/// An address under which phones reach the server.
pub(super) fn check_url(url: &str) -> Result<String, CliError> {
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let good = host.is_some_and(|h| !h.is_empty() && !h.starts_with('/'))
        && url.chars().all(|c| c.is_ascii_graphic() && c != '#');
    if good {
        Ok(url.trim_end_matches('/').to_owned())
    } else {
        Err(CliError::BadUrl(url.to_owned()))
    }
}

/// The link as a QR code of half blocks; none if it does not fit.
pub(super) fn qr(link: &str) -> Option<String> {
    let code = QrCode::new(link.as_bytes()).ok()?;
    Some(
        code.render::<Dense1x2>()
            .quiet_zone(true)
            .dark_color(Dense1x2::Light)
            .light_color(Dense1x2::Dark)
            .build(),
    )
}

/// Prints the link, with its QR code where a person is looking.
pub(super) fn print(link: &SignInLink) {
    println!("{}", link.link);
    println!(
        "Code to type: {} (one device, good for 15 minutes)",
        link.code
    );
    if std::io::stdout().is_terminal()
        && let Some(qr) = qr(&link.link)
    {
        println!("{qr}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_lose_their_last_slash() {
        assert_eq!(
            check_url("https://hk.example.com/").unwrap(),
            "https://hk.example.com"
        );
        assert_eq!(
            check_url("http://localhost:8080").unwrap(),
            "http://localhost:8080"
        );
        for bad in [
            "",
            "hk.example.com",
            "ftp://x",
            "https://",
            "https:///x",
            "https://a b",
            "https://a#b",
        ] {
            assert!(check_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_link_fits_into_a_qr_code_of_a_terminal() {
        let qr = qr("https://huikuan.example.com/enrol#ABCDE-FGHJK").unwrap();
        assert!(qr.lines().all(|line| line.chars().count() < 60));
    }

    #[test]
    fn a_camera_reads_the_link_off_the_terminal() {
        let link = "https://huikuan.example.com/enrol#ABCDE-FGHJK";
        let drawn: Vec<Vec<char>> = qr(link)
            .unwrap()
            .lines()
            .map(|line| line.chars().collect())
            .collect();
        // A block is light on a dark screen; each line holds two rows of modules.
        let is_dark = |x: usize, y: usize| match drawn[y / 2][x] {
            ' ' => true,
            '▀' => y % 2 == 1,
            '▄' => y.is_multiple_of(2),
            _ => false,
        };
        let read = crate::qr_reader::read(drawn[0].len(), drawn.len() * 2, is_dark);
        assert_eq!(read, link);
    }
}
