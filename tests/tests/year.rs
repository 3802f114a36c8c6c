//! Some days of the year that `make year` plays whole.

use std::{fs, path::Path};

use tests::year::{Config, Played, found, play};

/// The seed that is played; `HUIKUAN_YEAR_SEED` takes another.
fn seed() -> u64 {
    let given = std::env::var("HUIKUAN_YEAR_SEED").ok();
    given
        .and_then(|text| text.parse().ok())
        .unwrap_or(20_260_105)
}

fn played(config: Config, folder: &Path) -> Played {
    println!("seed {}", config.seed);
    match play(config, folder, &mut |_| {}) {
        Ok(played) => played,
        Err(what) => panic!("seed {}: {what}", config.seed),
    }
}

#[test]
fn twenty_days_of_the_whole_company_add_up_at_every_close_and_are_rebuilt() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config {
        days: 20,
        is_stored: false,
        ..Config::of_a_year(seed())
    };
    let figures = played(config, folder.path()).figures;
    println!("{figures:?}");
    for (what, count) in [
        ("commands", figures.commands),
        ("refusals", figures.refused),
        ("voids", figures.voids),
        ("repetitions", figures.again),
        ("records that come late", figures.late),
    ] {
        assert!(count > 0, "the play has no {what}");
    }
}

#[test]
fn the_real_store_gives_the_same_ledger_as_memory_and_the_same_seed_the_same_days() {
    let (stored, other) = (tempfile::tempdir(), tempfile::tempdir());
    let (stored, other) = (stored.expect("a folder"), other.expect("a folder"));
    let config = Config {
        days: 5,
        calls: 10,
        ..Config::of_a_year(seed())
    };
    found(config.seed, stored.path()).expect("a company");
    for file in fs::read_dir(stored.path()).expect("its files").flatten() {
        if file.path().is_file() {
            fs::copy(file.path(), other.path().join(file.file_name())).expect("a copy");
        }
    }
    let one = played(config, stored.path());
    println!("{:?}", one.figures);
    let is_stored = false;
    let again = played(
        Config {
            is_stored,
            ..config
        },
        other.path(),
    );
    assert_eq!(one.book.entries(), again.book.entries());
}
