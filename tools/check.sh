#!/bin/bash
# Builds everything as it is released, runs every test, and ends with "N passed, N failed, N skipped".
#
# usage: tools/check.sh
# environment: POLICYKB_SHARED, folder with the evaluation sets (default: ../shared beside the checkout, if it is there);
# without it the tests that need them are skipped.
set -euo pipefail

readonly root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source "$root/tools/packages.sh"
source "$root/tools/testing.sh"

if (( $# > 0 )); then
  sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  [[ "$1" == -h || "$1" == --help ]] && exit 0 || exit 2
fi
cd "$root"
find_evaluation_sets "$root"

echo "== Packages"
install_test_packages

build_and_test release
print_totals
(( tests_failed == 0 ))
