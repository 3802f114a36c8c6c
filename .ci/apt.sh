# Sourced: `need_packages A B C` installs the Debian packages that are missing, or says in one sentence why it cannot.

have_package() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

need_packages() {
  local missing=() package log
  if ! command -v dpkg-query >/dev/null; then
    echo "This step installs Debian packages, and this system has no apt; please install the equivalents of: $*" >&2
    return 0
  fi
  for package in "$@"; do have_package "$package" || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo -n); else
      echo "Please run this once as root: apt-get install ${missing[*]}" >&2
      return 1
    fi
  fi
  echo "Installing: ${missing[*]}"
  log=$(mktemp)
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=2 -qq)
  # The package lists may already be fresh enough; they are fetched only when they are not.
  if "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1 \
    || { "${apt[@]}" update >"$log" 2>&1 && "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; }; then
    rm -f "$log"
    return 0
  fi
  if grep -q 'No space left' "$log"; then
    echo "The disk is full: make room and run this again (wanted: ${missing[*]})." >&2
  elif grep -Eq 'Could not resolve|Temporary failure|Failed to fetch|Unable to connect|Cannot initiate' "$log"; then
    echo "No network to the package archive: connect this machine and run this again (wanted: ${missing[*]})." >&2
  else
    tail -n 20 "$log" >&2
    echo "apt-get could not install ${missing[*]}; its last words are above." >&2
  fi
  rm -f "$log"
  return 1
}
