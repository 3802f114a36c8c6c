//! The disk as SQLite calls it: one VFS for the whole process, registered once, whose file names carry
//! the number of their disk (`/7/company.db`).
//!
//! Invariants: with `ffi_file` the only unsafe code of the tests. Every function is called by SQLite alone, with what its
//! documentation of `sqlite3_vfs` and `sqlite3_io_methods` promises: the file pointer is one that `open`
//! filled in and `close` has not seen, buffers have the length given, and one connection's calls come one
//! after the other. Nothing here panics: that would cross a boundary it must not cross.

#![allow(unsafe_code)]

use std::{
    collections::BTreeMap,
    ffi::{CStr, c_char, c_int},
    ptr,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::ffi;

use super::{
    Inner,
    ffi_file::{METHODS, Open, Ours, code},
    state::Refused,
};

/// Name under which SQLite knows it.
pub(super) const NAME: &CStr = c"fault";

static DISKS: Mutex<BTreeMap<u64, Weak<Inner>>> = Mutex::new(BTreeMap::new());
static NEXT: AtomicU64 = AtomicU64::new(1);
/// The result of registering the VFS.
static REGISTERED: OnceLock<c_int> = OnceLock::new();

/// Makes a disk reachable under a number, which it gets.
pub(super) fn plug_in(make: impl FnOnce(u64) -> Inner) -> Arc<Inner> {
    let code = *REGISTERED.get_or_init(register);
    assert_eq!(code, ffi::SQLITE_OK, "SQLite takes no file system");
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let disk = Arc::new(make(number));
    disks(|all| all.insert(number, Arc::downgrade(&disk)));
    disk
}

/// Makes it unreachable.
pub(super) fn unplug(number: u64) {
    disks(|all| all.remove(&number));
}

fn disks<T>(work: impl FnOnce(&mut BTreeMap<u64, Weak<Inner>>) -> T) -> T {
    work(&mut DISKS.lock().unwrap_or_else(PoisonError::into_inner))
}

fn register() -> c_int {
    // SAFETY: SQLite initialises itself here; the default VFS it gives lives for ever and is only read.
    let default = unsafe {
        ffi::sqlite3_initialize();
        ffi::sqlite3_vfs_find(ptr::null()).as_ref()
    };
    let Some(default) = default else {
        return ffi::SQLITE_ERROR;
    };
    // Sleep, time and randomness stay those of the system: they ask nothing of the VFS they belong to.
    let vfs = ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: size_of::<Open>() as c_int,
        mxPathname: 512,
        pNext: ptr::null_mut(),
        zName: NAME.as_ptr(),
        pAppData: ptr::null_mut(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
        ..*default
    };
    // SAFETY: the VFS is leaked, so it lives as long as SQLite may call it.
    unsafe { ffi::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 0) }
}

/// Disk and name that a path stands for.
///
/// # Safety
/// `path` is null or ends with a zero byte.
unsafe fn find(path: *const c_char) -> Option<(Arc<Inner>, String)> {
    if path.is_null() {
        return None;
    }
    // SAFETY: not null, and the caller promises the rest.
    let path = unsafe { CStr::from_ptr(path) }.to_str().ok()?;
    let (number, name) = path.strip_prefix('/')?.split_once('/')?;
    let number = number.parse().ok()?;
    let disk = disks(|all| all.get(&number).and_then(Weak::upgrade))?;
    Some((disk, name.to_owned()))
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    path: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let place = file.cast::<Open>();
    let empty = Open {
        base: ffi::sqlite3_file {
            pMethods: ptr::null(),
        },
        ours: ptr::null_mut(),
    };
    // SAFETY: SQLite allocated `szOsFile` bytes there, suitably aligned. Without methods it never closes it.
    unsafe { place.write(empty) };
    // SAFETY: the path is SQLite's.
    let found = unsafe { find(path) };
    let (disk, name) = match found {
        Some((disk, name)) => (disk, Some(name)),
        // A temporary file belongs to no disk that could fail.
        None if path.is_null() => (scratch(), None),
        None => return ffi::SQLITE_CANTOPEN,
    };
    let make = flags & ffi::SQLITE_OPEN_CREATE != 0;
    let opened = disk.state().open(name.as_deref(), make);
    let Ok(handle) = opened else {
        return ffi::SQLITE_CANTOPEN;
    };
    let ours = Box::into_raw(Box::new(Ours { disk, handle }));
    let base = ffi::sqlite3_file {
        pMethods: &raw const METHODS,
    };
    // SAFETY: as above; `close` takes the box back.
    unsafe { place.write(Open { base, ours }) };
    if !out_flags.is_null() {
        // SAFETY: SQLite's own variable.
        unsafe { *out_flags = flags };
    }
    ffi::SQLITE_OK
}

/// The disk of temporary files.
fn scratch() -> Arc<Inner> {
    static SCRATCH: OnceLock<Arc<Inner>> = OnceLock::new();
    SCRATCH
        .get_or_init(|| plug_in(|number| Inner::new(number, 0)))
        .clone()
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, path: *const c_char, flush: c_int) -> c_int {
    // SAFETY: the path is SQLite's.
    let Some((disk, name)) = (unsafe { find(path) }) else {
        return ffi::SQLITE_IOERR_DELETE;
    };
    let removed = disk.state().remove(&name, flush != 0);
    match removed {
        Err(Refused::NoFile) => ffi::SQLITE_IOERR_DELETE_NOENT,
        other => code(other, ffi::SQLITE_IOERR_DELETE),
    }
}

unsafe extern "C" fn access(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: the path is SQLite's.
    let Some((disk, name)) = (unsafe { find(path) }) else {
        return ffi::SQLITE_IOERR_ACCESS;
    };
    let state = disk.state();
    if !state.running {
        return ffi::SQLITE_IOERR_ACCESS;
    }
    // As on Unix: an empty file does not count as one that exists.
    let there = state
        .files
        .get(&name)
        .is_some_and(|file| flags != ffi::SQLITE_ACCESS_EXISTS || !file.now.is_empty());
    // SAFETY: SQLite's own variable.
    unsafe { *out = c_int::from(there) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: the path is SQLite's and ends with a zero byte.
    let bytes = unsafe { CStr::from_ptr(path) }.to_bytes_with_nul();
    if bytes.len() > usize::try_from(room).unwrap_or_default() {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: there is room, and the two do not overlap.
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len()) };
    ffi::SQLITE_OK
}
