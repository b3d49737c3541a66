#!/bin/bash
# From a fresh checkout to three answered questions: installs, builds, indexes data/corpus, serves, asks.
#
# usage: tools/quickstart.sh [--serve]
#   --serve   leave the servers running until Ctrl-C, with the console
# environment: POLICYKB_RETRIEVER_PORT (default 50071), POLICYKB_GENERATOR_PORT (default 50072), POLICYKB_GATEWAY_PORT (default
# 50080); a port in use is replaced by a free one.
set -euo pipefail

readonly root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source "$root/tools/packages.sh"

readonly bin="$root/build/release/bin"
readonly work="$root/build/quickstart"
readonly start_seconds=60
pids=()
address=

usage() { sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

step() { printf '\n== %s\n' "$*"; }

# Ends what start() started, the last one first.
stop_servers() {
  local i
  for (( i = ${#pids[@]} - 1; i >= 0; --i )); do
    kill -TERM "${pids[i]}" 2>/dev/null || true
    wait "${pids[i]}" 2>/dev/null || true
  done
  pids=()
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# start PROGRAM PORT ARGUMENT...: runs the program and waits for its line "PROGRAM listening on HOST:PORT"; sets `address`.
start() {
  local program="$1" port="$2"
  shift 2
  local log="$work/$program.log"
  if [[ "$port" != 0 ]] && ! port_is_free "$port"; then
    echo "port $port is in use, taking a free one"
    port=0
  fi
  : >"$log"
  "$bin/$program" "$@" --listen "127.0.0.1:$port" >"$log" 2>&1 &
  local pid=$!
  pids+=("$pid")
  local deadline=$(( SECONDS + start_seconds ))
  while (( SECONDS < deadline )) && kill -0 "$pid" 2>/dev/null; do
    address="$(sed -n "s/^$program listening on //p" "$log" | head -n 1)"
    if [[ -n "$address" ]]; then
      echo "$program listening on $address (log: ${log#"$root"/})"
      return 0
    fi
    sleep 0.1
  done
  if kill -0 "$pid" 2>/dev/null; then
    echo "$program did not start within $start_seconds s; its log, ${log#"$root"/}:" >&2
  else
    echo "$program ended before it served; its log, ${log#"$root"/}:" >&2
  fi
  tail -n 40 "$log" >&2
  return 1
}

ask() {
  printf '\n> %s\n' "$1"
  "$bin/policykb" ask --generator "$generator_address" "$1"
}

serve=no
for argument in "$@"; do
  case "$argument" in
    --serve) serve=yes ;;
    -h | --help) usage; exit 0 ;;
    *) echo "unknown option $argument" >&2; usage >&2; exit 2 ;;
  esac
done
cd "$root"

step "Packages"
install_test_packages

step "Build (build/release)"
cmake --preset release >/dev/null
cmake --build build/release --parallel "$(nproc)" \
  --target policykb-indexer policykb-retriever policykb-generator policykb-gateway policykb

step "Index data/corpus"
mkdir -p "$work"
"$bin/policykb-indexer" build --corpus data/corpus --kb "$work/kb"

step "Serve"
trap stop_servers EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
start policykb-retriever "${POLICYKB_RETRIEVER_PORT:-50071}" --kb "$work/kb"
readonly retriever_address="$address"
start policykb-generator "${POLICYKB_GENERATOR_PORT:-50072}" --retriever "$retriever_address"
readonly generator_address="$address"
start policykb-gateway "${POLICYKB_GATEWAY_PORT:-50080}" --retriever "$retriever_address" --generator "$generator_address"
readonly gateway_address="$address"

step "Ask"
ask "身份证丢失后怎么补领？"
ask "Which documents are needed to register a sole proprietorship enterprise?"
echo
echo "(the next one is about something that no policy here covers: it is refused)"
ask "附近哪家火锅店最好吃？"

step "Your own question"
echo "  ${bin#"$root"/}/policykb ask --generator $generator_address \"...\""
if [[ "$serve" == yes ]]; then
  echo "The servers run until you press Ctrl-C here. The console:"
  echo "  http://$gateway_address/"
  # Ends early only when one of them does.
  wait -n "${pids[@]}" || true
  echo "a server has ended; see ${work#"$root"/}/*.log" >&2
  exit 1
fi
echo "The servers end with this script; tools/quickstart.sh --serve keeps them running."
