# Builds presets, runs their tests and counts what came of it, from the JUnit file that ctest writes.
#
# Source it. The three counters below sum over all runs of one script.

tests_passed=0
tests_failed=0
tests_skipped=0

# What both readers of a JUnit file below share: the value of an attribute in the current line, and text without entities.
readonly junit_functions='
  function attribute(name) {
    if (!match($0, " " name "=\"[^\"]*\"")) return ""
    return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
  }
  function plain(text) {
    gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text)
    gsub(/&amp;/, "\\&", text)
    return text
  }'

# Prints one line per test of the JUnit file: status, name and, for a skipped test, the reason it gives, tab-separated.
list_tests() {
  awk "$junit_functions"'
    function finish() {
      if (name == "") return
      printf "%s\t%s\t%s\n", status, plain(name), plain(reason)
      name = ""
    }
    /<testcase / { finish(); name = attribute("name"); reason = ""; after_skipped = 0; status = attribute("status") }
    # A program that is missing is reported as skipped too, but is a failure.
    /<skipped/ { status = /message="SKIP_/ ? "skip" : "missing" }
    # GoogleTest prints "file:line: Skipped" and the reason on the line below.
    after_skipped && reason == "" { reason = $0; after_skipped = 0 }
    /: Skipped$/ { after_skipped = 1 }
    /<\/testcase>/ { finish() }
    END { finish() }
  ' "$1"
}

# Prints what each failed test of the JUnit file printed, at most the last 60 lines, below its name.
print_failures() {
  awk "$junit_functions"'
    /<testcase / { name = plain(attribute("name")); failed = attribute("status") == "fail"; lines = 0; next }
    /<\/testcase>/ && failed {
      printf "\n== %s failed, and printed\n", name
      for (i = lines > 60 ? lines - 60 : 0; i < lines; ++i) print line[i]
      failed = 0
    }
    failed && !/^[ \t]*<(failure |properties>|\/system-out>)/ { sub(/^[ \t]*<system-out>/, ""); line[lines++] = plain($0) }
  ' "$1"
}

# report_tests JUNIT_FILE LABEL: prints what failed and what was skipped and why, then the counts, and adds them up.
report_tests() {
  local status name reason
  local passed=0 failed=0 skipped=0
  while IFS=$'\t' read -r status name reason; do
    case "$status" in
      run) (( ++passed )) ;;
      skip | disabled)
        (( ++skipped ))
        echo "skipped: $name: ${reason:-no reason given}"
        ;;
      *)
        (( ++failed ))
        echo "failed: $name"
        ;;
    esac
  done < <(list_tests "$1")
  echo "$2: $passed passed, $failed failed, $skipped skipped"
  (( tests_passed += passed, tests_failed += failed, tests_skipped += skipped )) || true
}

# The closing line.
print_totals() { echo "$tests_passed passed, $tests_failed failed, $tests_skipped skipped"; }

# Adds the closing line of another script; anything else counts as one failed check.
add_totals() {
  if [[ "$1" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    (( tests_passed += BASH_REMATCH[1], tests_failed += BASH_REMATCH[2], tests_skipped += BASH_REMATCH[3] )) || true
  else
    echo "failed: no closing line but: $1"
    (( ++tests_failed ))
  fi
}

# Sets POLICYKB_SHARED to the folder "shared" beside the checkout $1 when it is not set and the folder is there.
find_evaluation_sets() {
  if [[ -z "${POLICYKB_SHARED:-}" && -d "$1/../shared/datasets" ]]; then
    POLICYKB_SHARED="$(cd "$1/../shared" && pwd)"
  fi
  [[ -z "${POLICYKB_SHARED:-}" ]] || export POLICYKB_SHARED
}

# build_and_test PRESET: builds everything, runs all tests, reports them. A build that fails counts as one failed test.
build_and_test() {
  local preset="$1"
  local junit="$PWD/build/$preset/ctest.xml"
  local exit_code=0
  local failed_before=$tests_failed
  rm -f "$junit"
  printf '\n== Build (%s)\n' "$preset"
  if ! { cmake --preset "$preset" && cmake --build "build/$preset" --parallel "$(nproc)"; }; then
    echo "failed: build of preset $preset"
    (( ++tests_failed ))
    return 0
  fi
  printf '\n== Test (%s)\n' "$preset"
  ctest --test-dir "build/$preset" -j "$(nproc)" --output-on-failure --no-tests=error --output-junit "$junit" || exit_code=$?
  if [[ ! -s "$junit" ]]; then
    echo "failed: no tests were run with preset $preset"
    (( ++tests_failed ))
    return 0
  fi
  echo
  report_tests "$junit" "$preset"
  if (( exit_code != 0 && tests_failed == failed_before )); then
    echo "failed: ctest of preset $preset ended with exit code $exit_code"
    (( ++tests_failed ))
  fi
  if [[ -n "${POLICYKB_SHARED:-}" ]]; then
    echo "with evaluation sets of $POLICYKB_SHARED: $(list_tests "$junit" | grep -c '^run.*Evaluation' || true) tests ran"
  else
    echo "without evaluation sets (POLICYKB_SHARED is not set)"
  fi
}
