#!/bin/bash
# Runs one kind of test of the console, or says what is missing for it and ends with 77.
#
# usage: tests/console/run.sh unit|types|lint|browser|figures|screenshots [BIN_DIR [FOLDER [WIDTH...]]]
# unit needs node; types needs tsc, lint eslint, the others chromium and the packages of package.json here, from the
# folder POLICYKB_CONSOLE_MODULES (default: node_modules here); tsc from the PATH will do. BIN_DIR has our programs.
set -euo pipefail

readonly here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly root="$(cd "$here/../.." && pwd)"
readonly console="$root/generator/gateway/console"
readonly modules="${POLICYKB_CONSOLE_MODULES:-$here/node_modules}"

skip() {
  printf 'tests/console/run.sh: Skipped\n%s\n' "$1"
  exit 77
}

need_node() {
  command -v node >/dev/null || skip "node is not installed (apt-get install nodejs)"
  local major
  major="$(node --version | sed 's/^v\([0-9]*\).*/\1/')"
  (( major >= 18 )) || skip "node $major is too old, 18 is needed"
}

need_browser() {
  need_node
  command -v chromium >/dev/null || skip "chromium is not installed (apt-get install chromium)"
  [[ -d "$modules/playwright-core" ]] || skip "playwright-core is not installed (npm install --prefix tests/console)"
  [[ -d "$modules/axe-core" ]] || skip "axe-core is not installed (npm install --prefix tests/console)"
  local program
  for program in policykb policykb-indexer policykb-retriever policykb-generator policykb-gateway; do
    [[ -x "$1/$program" ]] || skip "$program is not built"
  done
}

case "${1:-}" in
  unit)
    need_node
    cd "$here/unit"
    exec node --test
    ;;
  types)
    tsc="$modules/.bin/tsc"
    [[ -x "$tsc" ]] || tsc="$(command -v tsc)" || true
    [[ -n "$tsc" ]] || skip "tsc is not installed (apt-get install node-typescript)"
    exec "$tsc" --project "$console"
    ;;
  lint)
    need_node
    eslint="$modules/.bin/eslint"
    [[ -x "$eslint" ]] || skip "eslint is not installed (npm install --prefix tests/console)"
    cd "$root"
    exec "$eslint" --config tests/console/eslint.config.js --max-warnings 0 generator/gateway/console tests/console
    ;;
  browser | figures | screenshots)
    kind="$1"
    bin="$(cd "${2:?BIN_DIR is missing}" && pwd)"
    need_browser "$bin"
    export POLICYKB_CONSOLE_MODULES="$modules"
    exec node "$here/browser/$kind.js" "$bin" "${@:3}"
    ;;
  *)
    sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 2
    ;;
esac
