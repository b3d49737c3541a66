#!/bin/bash
# Runs every fuzz target of tests/fuzz for SECONDS each; inputs found are kept in build/fuzz/corpus for the next run.
# As many run at once as there are processors, so 600 seconds take about an hour for a dozen targets on two.
#
# usage: tools/fuzz.sh SECONDS [NAME...]
set -euo pipefail

readonly root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source "$root/tools/packages.sh"

if [[ ! "${1:-}" =~ ^[1-9][0-9]*$ ]]; then
  sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
export seconds="$1"
shift
cd "$root"

# Runs one target and prints a line that begins with passed or failed.
fuzz_one() {
  local name corpus log
  local seeds=()
  name="$(basename "$1" _fuzz)"
  corpus="build/fuzz/corpus/$name"
  log="build/fuzz/$name.log"
  mkdir -p "$corpus"
  if [[ -d "tests/fuzz/corpus/$name" ]]; then seeds=("tests/fuzz/corpus/$name"); fi
  if "$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/$name-" \
    "$corpus" "${seeds[@]}" >"$log" 2>&1; then
    echo "passed: $name ($(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$log") inputs)"
  else
    echo "failed: $name; the input is in build/fuzz/$name-*, the log in $log:"$'\n'"$(tail -n 30 "$log")"
  fi
}
export -f fuzz_one

echo "== Packages"
install_ci_packages

echo "== Build (fuzz)"
cmake --preset fuzz >/dev/null
cmake --build build/fuzz --parallel "$(nproc)" --target policykb_fuzzers

programs=()
for program in build/fuzz/fuzz/*_fuzz; do
  if (( $# == 0 )) || [[ " $* " == *" $(basename "$program" _fuzz) "* ]]; then programs+=("$program"); fi
done
if (( ${#programs[@]} == 0 )); then
  echo "fuzz: no target of these names: $*" >&2
  exit 2
fi

echo "== Fuzz (${#programs[@]} targets, $seconds s each)"
printf '%s\0' "${programs[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'fuzz_one "$1"' _ | tee build/fuzz/results
failed="$(grep -c '^failed: ' build/fuzz/results || true)"
echo "$(( ${#programs[@]} - failed )) passed, $failed failed, 0 skipped"
(( failed == 0 ))
