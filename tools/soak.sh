#!/bin/bash
# Loads a retriever for a long time while its snapshot changes every few seconds, and checks that no search fails and that
# its memory does not grow: from the first tenth of the time on, which warms up, resident memory stays within 5 percent.
# Ends with 1 when either does not hold.
#
# usage: tools/soak.sh KB TOPICS [SECONDS [RATE]]     default 3600 seconds, 300 searches per second
# environment: POLICYKB_BIN      programs (default build/release/bin)
#              POLICYKB_WORK     folder for a copy of KB (default a temporary one), in which one document is withdrawn, so
#                                that there are two snapshots to go back and forth between
#              POLICYKB_RELOADS  seconds between two changes (default 10)
set -euo pipefail

readonly root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly bin="${POLICYKB_BIN:-$root/build/release/bin}"
readonly reload_seconds="${POLICYKB_RELOADS:-10}"
readonly most_growth_percent=5
readonly start_seconds=60

if (( $# < 2 || $# > 4 )); then
  sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
readonly kb="$1" topics="$2" seconds="${3:-3600}" rate="${4:-300}"
if [[ -n "${POLICYKB_WORK:-}" ]]; then
  readonly work="$POLICYKB_WORK"
  mkdir -p "$work"
else
  work="$(mktemp -d)"
fi
retriever_pid=
bench_pid=

clean_up() {
  [[ -z "$bench_pid" ]] || kill "$bench_pid" 2>/dev/null || true
  [[ -z "$retriever_pid" ]] || kill "$retriever_pid" 2>/dev/null || true
  wait
  [[ -n "${POLICYKB_WORK:-}" ]] || rm -rf "$work"
}
trap clean_up EXIT

# Resident memory of the retriever in KiB: all of it, and what is not of files.
resident() { awk '/^VmRSS:/ { all = $2 } /^RssAnon:/ { own = $2 } END { print all, own }' "/proc/$retriever_pid/status"; }

live() { head -n 1 "$work/kb/CURRENT" | cut -d' ' -f1; }

rm -rf "$work/kb"
cp -r "$kb" "$work/kb"
first="$(live)"
document="$("$bin/policykb" search --kb "$work/kb" --k 1 --json "$(head -n 1 "$topics" | sed 's/.*"text": *"\([^"]*\)".*/\1/')" |
  sed -n 's/.*"document": *"documents\/\([^"]*\)".*/\1/p' | head -n 1)"
"$bin/policykb-indexer" withdraw --kb "$work/kb" "$document" >/dev/null
second="$(live)"
[[ "$first" != "$second" ]] || { echo "no second snapshot was made" >&2; exit 1; }

# Patient, so that a refusal is no matter of what else the machine does meanwhile.
"$bin/policykb-retriever" --kb "$work/kb" --listen 127.0.0.1:0 --burst-ms 2000 --queue-ms 1000 >"$work/retriever.out" 2>"$work/retriever.log" &
retriever_pid=$!
address=
for (( i = 0; i < start_seconds * 10; ++i )); do
  address="$(sed -n 's/^policykb-retriever listening on //p' "$work/retriever.out")"
  [[ -z "$address" ]] || break
  sleep 0.1
done
[[ -n "$address" ]] || { tail -n 5 "$work/retriever.log" >&2; exit 1; }

"$bin/policykb" bench --retriever "$address" --topics "$topics" --rate "$rate" --seconds "$seconds" --deadline-ms 120000 \
  --json >"$work/bench.json" &
bench_pid=$!
: >"$work/memory"
next="$first"
while sleep "$reload_seconds"; kill -0 "$bench_pid" 2>/dev/null; do
  echo "$SECONDS $(resident)" >>"$work/memory"
  "$bin/policykb-indexer" rollback --kb "$work/kb" --to "$next" >/dev/null
  if [[ "$next" == "$first" ]]; then next="$second"; else next="$first"; fi
done
wait "$bench_pid" || { echo "the load ended with an error" >&2; exit 1; }
bench_pid=

figure() { sed -n "s/.*\"$1\": *\([0-9.]*\).*/\1/p" <(tr ',' '\n' <"$work/bench.json") | head -n 1; }
reloads=$(( $(grep -c 'event=snapshot_live' "$work/retriever.log") - 1 ))
echo "searches: $(figure offered) at $rate per second, accepted $(figure accepted), refused $(figure refused)," \
  "late $(figure late), failed $(figure failed); p99 $(figure p99) ms, longest $(figure max) ms;" \
  "stopped from outside $(figure stops) times"
echo "reloads: $reloads, refused snapshots: $(grep -c 'event=snapshot_refused' "$work/retriever.log" || true)"
[[ "$(figure accepted)" == "$(figure offered)" ]] || { echo "a search was not answered" >&2; failed=1; }
(( reloads > 0 )) || { echo "the snapshot never changed" >&2; failed=1; }
awk -v most="$most_growth_percent" '
  { at[NR] = $1; all[NR] = $2; own[NR] = $3 }
  END {
    warm = int(NR / 10) + 1
    low = high = all[warm]
    for (i = warm; i <= NR; ++i) { if (all[i] < low) low = all[i]; if (all[i] > high) high = all[i] }
    # The mean of the last tenth over that of the first one behind the warm-up.
    tenth = int(NR / 10); if (tenth < 1) tenth = 1
    for (i = 0; i < tenth; ++i) { begun += all[warm + i]; ended += all[NR - i] }
    growth = 100 * (ended / begun - 1)
    printf "memory: %.1f MiB resident after the warm-up (%.1f of its own), %.1f in the end (%.1f), %.1f to %.1f between; growth %.1f %%\n",
      all[warm] / 1024, own[warm] / 1024, all[NR] / 1024, own[NR] / 1024, low / 1024, high / 1024, growth
    exit growth > most
  }' "$work/memory" || { echo "memory grew by more than $most_growth_percent %" >&2; failed=1; }
exit "${failed:-0}"
