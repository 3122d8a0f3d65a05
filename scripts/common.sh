# Shared by the scripts beside it: the top folder, progress lines, Debian packages, virtual environments.
# shellcheck shell=bash

set -euo pipefail

TOP="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
STEP=0
STEPS=${STEPS:-1}

# What a release is built with. Debug and sanitizer builds check at run time that nobody changes a value while another
# uses it, and the tests run in them; in the release, where that costs a tenth of a request, it is not checked again.
RELEASE=(-c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked)

# step TEXT: one line of progress.
step() {
  STEP=$((STEP + 1))
  printf '\n[%d/%d] %s\n' "$STEP" "$STEPS" "$1"
}

fail() {
  printf '\n%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 1
}

# need_packages NAME...: install the Debian packages that are missing, or say exactly what to type.
need_packages() {
  command -v dpkg-query >/dev/null || return 0
  local missing=() name
  for name in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as_root=(sudo)
    else
      fail "some Debian packages are missing. Install them, then run this again:
    sudo apt-get update && sudo apt-get install -y ${missing[*]}"
    fi
  fi
  echo "    installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq </dev/null
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" </dev/null >/dev/null
}

# What is compiled in beside the Swift packages: the compressors.
BUILD_PACKAGES=(zlib1g-dev libbrotli-dev libzstd-dev)

need_swift() {
  command -v swift >/dev/null ||
    fail "there is no 'swift' on PATH. Install a Swift 6.3 toolchain (swift.org/install) and put its usr/bin on PATH."
}

# The first Python from 3.9 up that can make virtual environments.
find_python() {
  local candidate
  for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  fail "no Python from 3.9 up with the module venv was found. On Debian: apt-get install python3-venv"
}

# environment FOLDER REQUIREMENTS: a virtual environment with these installed; nothing to do is quick.
environment() {
  local folder="$1" requirements="$2" wanted
  wanted="$(sha256sum <"$requirements")"
  if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/requirements.sha256" 2>/dev/null)" = "$wanted" ]; then
    echo "    up to date: ${folder#"$TOP"/}"
    return 0
  fi
  rm -rf "$folder"
  "$(find_python)" -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
  printf '%s\n' "$wanted" >"$folder/requirements.sha256"
  echo "    made: ${folder#"$TOP"/}"
}
