//! Reading and writing folders as maps from relative name (with `/`) to contents.

use std::collections::BTreeMap;
use std::path::Path;

/// File contents by relative name. Ordered, so that what is made from it does not depend on the file system.
pub type Tree = BTreeMap<String, Vec<u8>>;

fn sentence(action: &str, path: &Path, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::StorageFull => format!(
            "the disk is full: make room and run this again ({})",
            path.display()
        ),
        _ => format!("cannot {action} {}: {error}", path.display()),
    }
}

/// The contents of one file.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| sentence("read", path, &error))
}

/// Every file below `root`, without hidden ones. A folder that is missing counts as empty.
pub fn read_tree(root: &Path) -> Result<Tree, String> {
    let mut tree = Tree::new();
    if root.is_dir() {
        collect(root, "", &mut tree)?;
    }
    Ok(tree)
}

fn collect(folder: &Path, prefix: &str, tree: &mut Tree) -> Result<(), String> {
    for entry in std::fs::read_dir(folder).map_err(|error| sentence("list", folder, &error))? {
        let entry = entry.map_err(|error| sentence("list", folder, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), tree)?;
        } else {
            tree.insert(format!("{prefix}{name}"), read(&path)?);
        }
    }
    Ok(())
}

/// Makes `root` hold exactly `files`.
pub fn write_tree<'a>(
    root: &Path,
    files: impl Iterator<Item = (&'a String, &'a Vec<u8>)>,
) -> Result<(), String> {
    if root.is_dir() {
        std::fs::remove_dir_all(root).map_err(|error| sentence("empty", root, &error))?;
    }
    for (name, bytes) in files {
        write(&root.join(name), bytes)?;
    }
    Ok(())
}

/// Writes one file and the folders above it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| sentence("make", folder, &error))?;
    }
    std::fs::write(path, bytes).map_err(|error| sentence("write", path, &error))
}

/// Removes a file that may be missing.
pub fn remove(path: &Path) -> Result<(), String> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(sentence("remove", path, &error))
        }
        _ => Ok(()),
    }
}

/// Puts the folder `fresh` in the place of `old`.
pub fn replace(fresh: &Path, old: &Path) -> Result<(), String> {
    if old.is_dir() {
        std::fs::remove_dir_all(old).map_err(|error| sentence("remove", old, &error))?;
    }
    std::fs::rename(fresh, old).map_err(|error| sentence("put in place", old, &error))
}
