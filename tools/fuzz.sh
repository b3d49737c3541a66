#!/bin/bash
# Runs every fuzz target of tests/fuzz for SECONDS each; inputs found are kept in build/fuzz/corpus for the next run.
#
# usage: tools/fuzz.sh SECONDS [NAME...]
set -euo pipefail

readonly root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source "$root/tools/packages.sh"

if [[ ! "${1:-}" =~ ^[1-9][0-9]*$ ]]; then
  sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
readonly seconds="$1"
shift
cd "$root"

echo "== Packages"
install_ci_packages

echo "== Build (fuzz)"
cmake --preset fuzz >/dev/null
cmake --build build/fuzz --parallel "$(nproc)" --target policykb_fuzzers

passed=0
failed=0
for program in build/fuzz/fuzz/*_fuzz; do
  name="$(basename "$program" _fuzz)"
  if (( $# > 0 )) && [[ " $* " != *" $name "* ]]; then continue; fi
  corpus="build/fuzz/corpus/$name"
  mkdir -p "$corpus"
  log="build/fuzz/$name.log"
  seeds=()
  if [[ -d "tests/fuzz/corpus/$name" ]]; then seeds=("tests/fuzz/corpus/$name"); fi
  if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/$name-" \
    "$corpus" "${seeds[@]}" >"$log" 2>&1; then
    (( ++passed ))
    echo "passed: $name ($(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$log") inputs)"
  else
    (( ++failed ))
    echo "failed: $name; the input is in build/fuzz/$name-*, the log in $log:"
    tail -n 30 "$log"
  fi
done
echo "$passed passed, $failed failed, 0 skipped"
(( failed == 0 && passed > 0 ))
