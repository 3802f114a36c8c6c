//! What SQLite calls on an open file of the disk: bytes, flushes, locks, shared memory.
//!
//! Invariants: as of `ffi`, which opens the files.

#![allow(unsafe_code)]

use std::{
    ffi::{c_int, c_void},
    ptr,
    sync::{
        Arc,
        atomic::{Ordering, fence},
    },
};

use rusqlite::ffi;

use super::{
    Inner,
    locks::Level,
    state::{Handle, Refused, State},
};

/// A file as SQLite allocates it: its own part first, then ours.
#[repr(C)]
pub(super) struct Open {
    pub base: ffi::sqlite3_file,
    pub ours: *mut Ours,
}

/// What an open file holds on to.
pub(super) struct Ours {
    pub disk: Arc<Inner>,
    pub handle: Handle,
}

/// What SQLite calls on an open file.
pub(super) static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Runs something on an open file with its disk locked.
///
/// # Safety
/// `file` was filled in by `ffi::open` and not closed; no other call on it is under way.
unsafe fn on<T>(
    file: *mut ffi::sqlite3_file,
    stopped: T,
    work: impl FnOnce(&mut State, &mut Handle) -> T,
) -> T {
    // SAFETY: `ffi::open` put both there, and SQLite calls one function of a file at a time.
    let ours = unsafe { file.cast::<Open>().as_ref().and_then(|f| f.ours.as_mut()) };
    match ours {
        Some(Ours { disk, handle }) => work(&mut disk.state(), handle),
        None => stopped,
    }
}

/// The code of SQLite for a result.
pub(super) fn code(result: Result<(), Refused>, stopped: c_int) -> c_int {
    match result {
        Ok(()) => ffi::SQLITE_OK,
        Err(Refused::Full) => ffi::SQLITE_FULL,
        Err(Refused::ShortWrite) => ffi::SQLITE_IOERR_WRITE,
        Err(Refused::Sync) => ffi::SQLITE_IOERR_FSYNC,
        Err(Refused::Stopped | Refused::NoFile) => stopped,
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: `open` filled it in; after this SQLite never uses it again.
    unsafe {
        if let Some(open) = file.cast::<Open>().as_mut()
            && !open.ours.is_null()
        {
            let ours = Box::from_raw(open.ours);
            open.ours = ptr::null_mut();
            open.base.pMethods = ptr::null();
            ours.disk.state().close(&ours.handle);
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let (amount, offset) = (amount.max(0) as usize, offset.max(0) as usize);
    // SAFETY: SQLite gives a buffer of that length, which nobody else uses meanwhile; it is plain bytes.
    let buffer = unsafe {
        ptr::write_bytes(buffer.cast::<u8>(), 0, amount);
        std::slice::from_raw_parts_mut(buffer.cast::<u8>(), amount)
    };
    let work = |state: &mut State, handle: &mut Handle| {
        let Ok(file) = state.file(handle) else {
            return ffi::SQLITE_IOERR_READ;
        };
        let there = file.now.get(offset..).unwrap_or_default();
        let part = there.len().min(amount);
        for (to, from) in buffer
            .chunks_mut(part.max(1))
            .zip(there.chunks(part.max(1)))
            .take(1)
        {
            to.copy_from_slice(from);
        }
        match part == amount {
            true => ffi::SQLITE_OK,
            false => ffi::SQLITE_IOERR_SHORT_READ,
        }
    };
    // SAFETY: called by SQLite on an open file.
    unsafe { on(file, ffi::SQLITE_IOERR_READ, work) }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite gives a buffer of that length and does not change it meanwhile.
    let bytes = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), amount.max(0) as usize) };
    let offset = offset.max(0) as usize;
    let work = |state: &mut State, handle: &mut Handle| {
        code(state.write(handle, offset, bytes), ffi::SQLITE_IOERR_WRITE)
    };
    // SAFETY: called by SQLite on an open file.
    unsafe { on(file, ffi::SQLITE_IOERR_WRITE, work) }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    let work = |state: &mut State, handle: &mut Handle| {
        let cut = state.cut(handle, size.max(0) as usize);
        code(cut, ffi::SQLITE_IOERR_TRUNCATE)
    };
    // SAFETY: called by SQLite on an open file.
    unsafe { on(file, ffi::SQLITE_IOERR_TRUNCATE, work) }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    let work =
        |state: &mut State, handle: &mut Handle| code(state.sync(handle), ffi::SQLITE_IOERR_FSYNC);
    // SAFETY: called by SQLite on an open file.
    unsafe { on(file, ffi::SQLITE_IOERR_FSYNC, work) }
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    out: *mut ffi::sqlite3_int64,
) -> c_int {
    let work = |state: &mut State, handle: &mut Handle| state.file(handle).map(|f| f.now.len());
    // SAFETY: called by SQLite on an open file; the variable is its own.
    unsafe {
        match on(file, Err(Refused::Stopped), work) {
            Ok(length) => {
                *out = length as ffi::sqlite3_int64;
                ffi::SQLITE_OK
            }
            Err(_) => ffi::SQLITE_IOERR_FSTAT,
        }
    }
}

fn level(number: c_int) -> Level {
    match number {
        ffi::SQLITE_LOCK_NONE => Level::None,
        ffi::SQLITE_LOCK_SHARED => Level::Shared,
        ffi::SQLITE_LOCK_RESERVED => Level::Reserved,
        ffi::SQLITE_LOCK_PENDING => Level::Pending,
        _ => Level::Exclusive,
    }
}

/// A lock taken, or somebody in the way.
fn taken(result: Result<bool, Refused>, stopped: c_int) -> c_int {
    match result {
        Ok(true) => ffi::SQLITE_OK,
        Ok(false) => ffi::SQLITE_BUSY,
        Err(_) => stopped,
    }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, wanted: c_int) -> c_int {
    let work = |state: &mut State, handle: &mut Handle| {
        taken(state.lock(handle, level(wanted)), ffi::SQLITE_IOERR_LOCK)
    };
    // SAFETY: called by SQLite on an open file.
    unsafe { on(file, ffi::SQLITE_IOERR_LOCK, work) }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, wanted: c_int) -> c_int {
    let work = |state: &mut State, handle: &mut Handle| state.unlock(handle, level(wanted));
    // SAFETY: called by SQLite on an open file.
    unsafe { on(file, (), work) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    let work = |state: &mut State, handle: &mut Handle| state.is_reserved(handle);
    // SAFETY: called by SQLite on an open file; the variable is its own.
    unsafe {
        match on(file, Err(Refused::Stopped), work) {
            Ok(reserved) => {
                *out = c_int::from(reserved);
                ffi::SQLITE_OK
            }
            Err(_) => ffi::SQLITE_IOERR_CHECKRESERVEDLOCK,
        }
    }
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    4_096
}

/// As of an ordinary disk: a power cut while a page is written damages no byte outside it.
unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    index: c_int,
    bytes: c_int,
    make: c_int,
    out: *mut *mut c_void,
) -> c_int {
    let (index, bytes) = (index.max(0) as usize, bytes.max(0) as usize);
    let work =
        |state: &mut State, handle: &mut Handle| state.shm_map(handle, index, bytes, make != 0);
    // SAFETY: called by SQLite on an open file; the variable is its own. The region outlives the handle's
    // share in it, which `shm_unmap` or `close` gives back.
    unsafe {
        let region = on(file, Err(Refused::Stopped), work);
        *out = region.unwrap_or_default().unwrap_or(ptr::null_mut());
        match region {
            Ok(_) => ffi::SQLITE_OK,
            // What SQLite says itself when the system has no room for the file behind the memory.
            Err(Refused::Full) => ffi::SQLITE_IOERR_SHMSIZE,
            Err(_) => ffi::SQLITE_IOERR_SHMMAP,
        }
    }
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    first: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    let slots = (first.max(0) as usize, count.max(0) as usize);
    let take =
        (flags & ffi::SQLITE_SHM_LOCK != 0).then_some(flags & ffi::SQLITE_SHM_EXCLUSIVE != 0);
    let work = |state: &mut State, handle: &mut Handle| {
        let done = state.shm_lock(handle, slots, take);
        taken(done, ffi::SQLITE_IOERR_SHMLOCK)
    };
    // SAFETY: called by SQLite on an open file.
    unsafe { on(file, ffi::SQLITE_IOERR_SHMLOCK, work) }
}

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {
    fence(Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    let work = |state: &mut State, handle: &mut Handle| {
        state.shm_unmap(handle);
        handle.shm = None;
    };
    // SAFETY: called by SQLite on an open file; it uses the memory no more.
    unsafe { on(file, (), work) };
    ffi::SQLITE_OK
}
