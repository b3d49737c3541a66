# Debian 12 packages that the project needs, and how they are installed.
#
# Source it; it prints nothing by itself. With everything installed no network is used.

build_packages=(
  build-essential ca-certificates ccache cmake mold ninja-build pkg-config tzdata
  libabsl-dev libboost1.81-dev libcli11-dev libcpp-httplib-dev libcurl4-openssl-dev libdnnl-dev libfaiss-dev ocl-icd-opencl-dev
  libgrpc++-dev libicu-dev libmimalloc-dev libnghttp2-dev libopenblas-dev libprotobuf-dev librocksdb-dev libsentencepiece-dev libspdlog-dev libssl-dev libtomlplusplus-dev
  libxml2-dev libxxhash-dev libyaml-cpp-dev libzip-dev nlohmann-json3-dev poppler-utils prometheus-cpp-dev protobuf-compiler protobuf-compiler-grpc
)
test_packages=(libgmock-dev libgtest-dev)
ci_packages=(chromium clang-14 clang-format-14 clang-tidy-14 git libbenchmark-dev libclang-rt-14-dev libomp-14-dev node-typescript nodejs)

# What the console's tests have beyond Debian (tests/console/package.json): only where npm is, and no failure where it fails.
install_console_modules() {
  [[ ! -d tests/console/node_modules && -z "${POLICYKB_CONSOLE_MODULES:-}" ]] || return 0
  if ! command -v npm >/dev/null; then
    echo "packages: no npm, so tests of the console in a browser are skipped"
  elif ! npm install --prefix tests/console --ignore-scripts --no-audit --no-fund --no-package-lock --silent; then
    echo "packages: npm installed nothing, so tests of the console in a browser are skipped"
  fi
}

# Installs the packages named that are not installed yet.
install_packages() {
  local package
  local missing=()
  if ! command -v dpkg-query >/dev/null; then
    echo "packages: this is no Debian; needed are the equivalents of: $*" >&2
    return 0
  fi
  for package in "$@"; do
    [[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] || missing+=("$package")
  done
  if (( ${#missing[@]} == 0 )); then
    echo "packages: all $# are installed"
    return 0
  fi
  local as_root=()
  if (( EUID != 0 )); then
    if ! command -v sudo >/dev/null; then
      echo "packages: run as root: apt-get install --no-install-recommends ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "packages: installing ${missing[*]}"
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

install_build_packages() { install_packages "${build_packages[@]}"; }
install_test_packages() { install_packages "${build_packages[@]}" "${test_packages[@]}"; }
install_ci_packages() { install_packages "${build_packages[@]}" "${test_packages[@]}" "${ci_packages[@]}"; }
