#!/usr/bin/env bash
# Builds the program and its tests for Windows, runs them under Wine, holds the program
# against the one for Linux, and opens its window.
#
#     tests/windows/run.sh target/debug/jisseki
#
# The standard library is built with it, from the sources that Debian's compiler comes with:
# packages rustc-web, cargo-web, rust-web-src and gcc-mingw-w64-x86-64-win32.
set -euo pipefail
native=$(realpath "$1")
cd "$(dirname "$0")/../.."

# A toolchain in the home folder has neither these sources nor, mostly, that target.
export PATH=/usr/bin:/bin RUSTC_BOOTSTRAP=1
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=$PWD/tests/windows/wine.sh
export WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LC_ALL=C.UTF-8

WINEPREFIX=$(mktemp -d)
export WINEPREFIX
trap 'wineserver -k || true; wineserver -w || true; rm -rf "$WINEPREFIX" || true' EXIT
# One server for all that follow, rather than one with each.
wineserver --persistent
if ! wineboot --init >"$WINEPREFIX.log" 2>&1; then
  cat "$WINEPREFIX.log"
  exit 1
fi
rm "$WINEPREFIX.log"
# Debian's Wine 8 lacks this library, which every Windows has.
x86_64-w64-mingw32-gcc -O1 -shared -s tests/windows/bcryptprimitives.c -ladvapi32 \
  -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll"

built=(--locked --profile windows -Zbuild-std=std,panic_unwind --target x86_64-pc-windows-gnu)
cargo test --lib --bins --tests "${built[@]}"
program="wine target/x86_64-pc-windows-gnu/windows/jisseki.exe"
python3 tests/windows/alike.py "$native" "$program"
python3 tests/windows/window.py "$program"
