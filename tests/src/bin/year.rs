//! A year of the demo company, in memory and in the real store: `year [SEED] [DAYS]`. Prints the seed and a line a
//! month; exits with 1 if something did not hold.

use std::{
    env,
    process::ExitCode,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use tests::{
    workspace,
    year::{Config, Figures, play},
};

/// Working days between two lines.
const TOLD: u32 = 20;

fn main() -> ExitCode {
    let mut given = env::args().skip(1).map(|text| text.parse::<u64>().ok());
    let by_clock = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .map(|d| d.as_secs())
    };
    let seed = given.next().flatten().or_else(by_clock).unwrap_or(1);
    let mut config = Config::of_a_year(seed);
    config.days = given
        .next()
        .flatten()
        .map_or(config.days, |days| days as u32);
    println!("seed {seed}: {} working days", config.days);
    let begun = Instant::now();
    let mut tell = |figures: &Figures| {
        if figures.days.is_multiple_of(TOLD) {
            let took = begun.elapsed().as_secs();
            println!("{took:>5} s {figures:?}");
        }
    };
    let target = workspace().join("target");
    let folder = match std::fs::create_dir_all(&target).and_then(|()| tempfile::tempdir_in(target))
    {
        Ok(folder) => folder,
        Err(error) => {
            eprintln!("no folder to play in: {error}");
            return ExitCode::FAILURE;
        }
    };
    match play(config, folder.path(), &mut tell) {
        Ok(played) => {
            println!(
                "{:>5} s all checks hold: {:?}",
                begun.elapsed().as_secs(),
                played.figures
            );
            ExitCode::SUCCESS
        }
        Err(what) => {
            println!("seed {seed}: {what}");
            ExitCode::FAILURE
        }
    }
}
