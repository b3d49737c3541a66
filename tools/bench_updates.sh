#!/bin/bash
# What an update costs: for corpora of several sizes and 1, 10, 100 and 1,000 changed documents, how long until the
# retriever serves the change, processor time, and bytes written. Prints a Markdown table of medians.
#
# usage: tools/bench_updates.sh [PASSAGES...]     default 55000 250000 1000000
# environment: POLICYKB_SOURCES  folders to make corpora from, separated by colons
#                                (default stard-r/docs and cn-laws/docs of the evaluation sets)
#              POLICYKB_BIN      programs (default build/release/bin)
#              POLICYKB_WORK     folder for corpora and bases, on a disk (default build/bench_updates)
#              POLICYKB_CHANGES  numbers of changed documents (default "1 10 100 1000")
#              POLICYKB_REPEATS  runs of each, of which the median is printed (default 3)
# A corpus that is there already is used again; bases are built anew.
set -euo pipefail

readonly root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source "$root/tools/testing.sh"

readonly bin="${POLICYKB_BIN:-$root/build/release/bin}"
readonly work="${POLICYKB_WORK:-$root/build/bench_updates}"
readonly changes="${POLICYKB_CHANGES:-1 10 100 1000}"
readonly repeats="${POLICYKB_REPEATS:-3}"
readonly start_seconds=120
readonly reload_seconds=120
retriever_pid=
address=

usage() { sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

note() { printf '%s %s\n' "$(date +%T)" "$*" >&2; }

stop_retriever() {
  [[ -n "$retriever_pid" ]] || return 0
  kill -TERM "$retriever_pid" 2>/dev/null || true
  wait "$retriever_pid" 2>/dev/null || true
  retriever_pid=
}

# start_retriever KB: serves it on a free port of the loopback interface; sets `address`.
start_retriever() {
  local log="$work/retriever.log"
  : >"$log"
  "$bin/policykb-retriever" --kb "$1" --listen 127.0.0.1:0 >"$log" 2>&1 &
  retriever_pid=$!
  local deadline=$(( SECONDS + start_seconds ))
  while (( SECONDS < deadline )) && kill -0 "$retriever_pid" 2>/dev/null; do
    address="$(sed -n 's/^policykb-retriever listening on //p' "$log" | head -n 1)"
    [[ -z "$address" ]] || return 0
    sleep 0.1
  done
  echo "the retriever did not start; its log, $log:" >&2
  tail -n 20 "$log" >&2
  return 1
}

# The snapshot that the retriever serves.
served() {
  "$bin/policykb" inspect --retriever "$address" | sed -n 's/.*"snapshot": *"\([^"]*\)".*/\1/p'
}

# measure COMMAND...: runs it and prints wall seconds, processor seconds, bytes written. The kernel adds what a child wrote
# to the account of who waits for it, here the subshell.
measure() {
  local times
  times="$(
    TIMEFORMAT='%R %U %S'
    { time "$@" >>"$work/indexer.log" 2>&1; } 2>&1
    awk '/^write_bytes:/ { print $2 }' "/proc/$BASHPID/io"
  )" || { echo "failed: $*; see $work/indexer.log" >&2; return 1; }
  awk '{ printf "%s ", $0 } END { print "" }' <<<"$times" | awk '{ printf "%s %.3f %s\n", $1, $2 + $3, $4 }'
}

median() { sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

# now: seconds with microseconds.
now() { echo "$EPOCHREALTIME"; }

# update_once CORPUS KB DOCUMENTS: prints wall, processor, bytes, seconds until the change is served.
update_once() {
  local before begun figures after deadline round
  # Counted in a file: a corpus that is used again needs sentences it does not have yet.
  round=$(( $(cat "$work/round") + 1 ))
  echo "$round" >"$work/round"
  "$bin/policykb" make-corpus --to "$1" --touch "$3" --round "$round" >/dev/null
  before="$(served)"
  # So that no dirty page of the corpus is charged to the update.
  sync
  begun="$(now)"
  figures="$(measure "$bin/policykb-indexer" update --kb "$2" --corpus "$1")" || return 1
  deadline=$(( SECONDS + reload_seconds ))
  after="$before"
  while [[ "$after" == "$before" ]]; do
    (( SECONDS < deadline )) || { echo "the retriever still serves $before" >&2; return 1; }
    after="$(served)"
  done
  awk -v figures="$figures" -v begun="$begun" -v end="$(now)" 'BEGIN { printf "%s %.3f\n", figures, end - begun }'
}

# sources: the folders to make corpora from, one a line.
sources() {
  if [[ -n "${POLICYKB_SOURCES:-}" ]]; then
    tr ':' '\n' <<<"$POLICYKB_SOURCES"
    return
  fi
  find_evaluation_sets "$root"
  if [[ -z "${POLICYKB_SHARED:-}" ]]; then
    echo "set POLICYKB_SOURCES or POLICYKB_SHARED" >&2
    return 1
  fi
  printf '%s\n' "$POLICYKB_SHARED/datasets/stard-r/docs" "$POLICYKB_SHARED/datasets/cn-laws/docs"
}

# bench_size PASSAGES: rows of the table for a corpus of that size.
bench_size() {
  local corpus="$work/corpus-$1" kb="$work/kb-$1" from documents runs wall cpu bytes searchable
  if [[ ! -d "$corpus" ]]; then
    note "making $corpus"
    mapfile -t from < <(sources)
    (( ${#from[@]} > 0 )) || return 1
    "$bin/policykb" make-corpus --from "${from[@]}" --to "$corpus" --passages "$1" >&2
  fi
  rm -rf "$kb"
  note "building $kb"
  read -r wall cpu bytes <<<"$(measure "$bin/policykb-indexer" build --corpus "$corpus" --kb "$kb")"
  [[ -n "$bytes" ]] || return 1
  row "$1" "full build" "$wall" "$cpu" "$bytes" "-"
  start_retriever "$kb"
  for documents in $changes; do
    note "$1 passages, $documents changed documents"
    runs="$work/runs-$1-$documents"
    : >"$runs"
    for (( i = 0; i < repeats; ++i )); do update_once "$corpus" "$kb" "$documents" >>"$runs"; done
    row "$1" "$documents" "$(cut -d' ' -f1 "$runs" | median)" "$(cut -d' ' -f2 "$runs" | median)" \
      "$(cut -d' ' -f3 "$runs" | median)" "$(cut -d' ' -f4 "$runs" | median)"
  done
  stop_retriever
}

# row PASSAGES CHANGED WALL CPU BYTES SEARCHABLE
row() {
  awk -v bytes="$5" -v line="| $1 | $2 | $3 | $4 |" -v last="$6" \
    'BEGIN { printf "%s %.1f | %s |\n", line, bytes / 1000000, last }'
}

case "${1:-}" in
  -h | --help) usage; exit 0 ;;
esac
sizes=("$@")
(( ${#sizes[@]} > 0 )) || sizes=(55000 250000 1000000)
mkdir -p "$work"
[[ -f "$work/round" ]] || echo 0 >"$work/round"
: >"$work/indexer.log"
trap stop_retriever EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo "$(nproc) processors, $(date +%F), load $(cut -d' ' -f1 /proc/loadavg), medians of $repeats"
echo
echo "| passages | changed documents | command s | processor s | MB written | searchable after s |"
echo "|---:|---:|---:|---:|---:|---:|"
for size in "${sizes[@]}"; do bench_size "$size"; done
