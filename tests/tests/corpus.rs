//! The corpus of the fuzz targets, replayed: every input ends as its name says (behind the first dot), no
//! input makes the product panic, and none takes much memory or work.
//!
//! `UPDATE_CORPUS=1` writes the files that are made (`fuzz::seeds`); others were found by fuzzing.

// A step that fails here is a test that fails. The counting allocator is why unsafe code is needed.
#![allow(clippy::unwrap_used, unsafe_code)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use tests::fuzz;

/// Counts bytes: those in use, the most that were in use, and all that were ever asked for.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);
static ASKED: AtomicUsize = AtomicUsize::new(0);
/// One input at a time, so that what is counted is its own.
static ALONE: Mutex<()> = Mutex::new(());

// SAFETY: everything is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = IN_USE.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(now, Relaxed);
        ASKED.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Most bytes that one input may have in use. A message may expand to 32 MiB, in a buffer that grows by
/// doubling and with the frames copied out of it; a change of 256 KiB to 20,000 operations.
const MOST_BYTES: usize = 160 << 20;
/// Bytes that one input may ask for in all: what stands for its work, since no clock is asked here.
const ASKED_BYTES: usize = 2 << 30;

fn folder(target: &str) -> PathBuf {
    tests::workspace().join("tests/fuzz/corpus").join(target)
}

#[test]
fn the_corpus_is_what_is_made_from_honest_and_hostile_records() {
    let update = std::env::var_os("UPDATE_CORPUS").is_some();
    for seed in [fuzz::seeds::honest(), fuzz::hostile::all()].concat() {
        let path = folder(seed.target).join(&seed.name);
        if update {
            fs::create_dir_all(folder(seed.target)).unwrap();
            fs::write(&path, &seed.input).unwrap();
        }
        let found = fs::read(&path).unwrap_or_default();
        assert!(
            found == seed.input,
            "{} is another now: UPDATE_CORPUS=1 writes it",
            path.display()
        );
    }
}

/// Runs work; gives with its result how many bytes it had in use at most and how many it asked for.
fn counted<T>(work: impl FnOnce() -> T) -> (T, usize, usize) {
    let (before, asked) = (IN_USE.load(Relaxed), ASKED.load(Relaxed));
    MOST.store(before, Relaxed);
    let result = work();
    let most = MOST.load(Relaxed).saturating_sub(before);
    (result, most, ASKED.load(Relaxed) - asked)
}

/// Replays a target's files; each must end as its name says.
fn replay(target: &str, mut run: impl FnMut(&[u8]) -> &'static str) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    fuzz::guard::install();
    let mut files: Vec<PathBuf> = fs::read_dir(folder(target))
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .collect();
    files.sort();
    assert!(files.len() > 4, "the corpus of {target} is gone");
    let mut wrong = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let input = fs::read(&path).unwrap();
        let (code, most, asked) = counted(|| run(&input));
        if most > MOST_BYTES || asked > ASKED_BYTES {
            wrong.push(format!(
                "{target}/{name}: {most} bytes in use, {asked} in all"
            ));
        }
        if let Some((_, expected)) = name.split_once('.')
            && code != expected
        {
            wrong.push(format!("{target}/{name}: {code}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn messages_end_as_their_names_say() {
    replay("wire_decode", fuzz::wire::run);
}

#[test]
fn changes_end_as_their_names_say() {
    replay("admit_change", fuzz::admit::run);
}

#[test]
fn documents_end_as_their_names_say() {
    replay("hydrate", fuzz::hydrate::run);
}

#[test]
fn imports_end_as_their_names_say() {
    let dir = tempfile::tempdir().unwrap();
    let mut books = fuzz::import::Books::new(dir.path());
    replay("import_csv", |input| books.run(input));
}

#[test]
fn codes_end_as_their_names_say() {
    replay("qr_decode", fuzz::qr::run);
}

/// Inputs in which one part of a change is another: what libFuzzer does with more patience.
/// `MUTATIONS=1000000` goes on for longer.
#[test]
fn changes_with_one_part_altered_are_refused_or_do_no_harm() {
    let rounds = std::env::var("MUTATIONS").ok().and_then(|n| n.parse().ok());
    let seeds: Vec<Vec<u8>> = fuzz::seeds::honest()
        .into_iter()
        .filter(|seed| seed.target == "admit_change")
        .map(|seed| seed.input)
        .collect();
    let mut dice = tests::records::Dice(7);
    let mut outcomes: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..rounds.unwrap_or(3_000) {
        let mut input = dice.pick(&seeds).clone();
        for _ in 0..dice.between(1, 3) {
            let seed = dice.draw() as u32;
            let altered = fuzz::mutate::one_part(&input[1..], seed, &mut |part, room| {
                alter(part, room, &mut dice);
            });
            if let Some(frame) = altered {
                input.truncate(1);
                input.extend(frame);
            }
        }
        *outcomes.entry(fuzz::admit::run(&input)).or_default() += 1;
    }
    println!("{outcomes:?}");
    assert!(outcomes.len() > 4, "{outcomes:?}");
}

/// To judge a new record by a document of Automerge costs the server several times as much.
#[test]
fn every_honest_creation_is_read_without_a_document() {
    use shared::{document, sync::admission};
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut creations: Vec<_> = fuzz::honest::Which::ALL
        .map(fuzz::honest::Which::creation)
        .to_vec();
    let dir = tempfile::tempdir().unwrap();
    let mut world = tests::world::World::new(dir.path());
    let rep = world.person("陈晓东", shared::people::Role::Rep);
    let about = world.customers(&rep, 5, 1);
    let (mut author, _) = world.author(&rep);
    let mut dice = tests::records::Dice(7);
    creations.extend((0..60).map(|at| author.record(&mut dice, at, &about).unwrap()));
    for creation in creations {
        let frame = document::to_frame(&creation.bytes);
        assert!(admission::is_read_at_once(frame), "{creation:?}");
    }
}

fn alter(part: &mut Vec<u8>, room: usize, dice: &mut tests::records::Dice) {
    let at = |dice: &mut tests::records::Dice, length: usize| dice.draw() as usize % length.max(1);
    let byte = *dice.pick(&[0, 1, 2, 0x3f, 0x40, 0x7e, 0x7f, 0x80, 0xff]);
    match dice.draw() % 5 {
        0 if part.len() < room => part.insert(at(dice, part.len() + 1), byte),
        1 if !part.is_empty() => drop(part.remove(at(dice, part.len()))),
        2 => part.truncate(at(dice, part.len())),
        _ => {
            let place = at(dice, part.len());
            if let Some(found) = part.get_mut(place) {
                *found = if byte == 2 {
                    *found ^ 1 << (dice.draw() % 8)
                } else {
                    byte
                };
            }
        }
    }
}
