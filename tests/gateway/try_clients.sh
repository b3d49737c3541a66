#!/bin/bash
# Runs clients.sh against our own programs over data/corpus, on free ports of loopback; ends as it does.
#
# usage: tests/gateway/try_clients.sh BIN_DIR
# BIN_DIR has our programs. environment: as clients.sh
set -euo pipefail

readonly bin="${1:?usage: tests/gateway/try_clients.sh BIN_DIR}"
readonly root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
readonly work="$(mktemp -d)"
pids=()

finish() {
  local status=$?
  (( ${#pids[@]} == 0 )) || kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

# start NAME PROGRAM OPTION...: a server on a free port; its address is in `address` then.
start() {
  local name="$1"
  shift
  : >"$work/$name.out"
  "$@" --listen 127.0.0.1:0 >"$work/$name.out" 2>"$work/$name.err" &
  pids+=("$!")
  local i
  for (( i = 0; i < 300; ++i )); do
    address="$(sed -n 's/^.* listening on //p' "$work/$name.out")"
    [[ -z "$address" ]] || return 0
    sleep 0.1
  done
  echo "$name did not start:" >&2
  cat "$work/$name.err" >&2
  return 1
}

"$bin/policykb-indexer" build --corpus "$root/data/corpus" --kb "$work/kb" >"$work/build.out" 2>&1
start retriever "$bin/policykb-retriever" --kb "$work/kb"
retriever="$address"
start generator "$bin/policykb-generator" --retriever "$retriever"
generator="$address"
start gateway "$bin/policykb-gateway" --retriever "$retriever" --generator "$generator"
"$root/tests/gateway/clients.sh" "http://$address" "$bin/policykb" "$retriever" "$generator"
