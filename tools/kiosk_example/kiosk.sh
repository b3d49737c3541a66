#!/bin/bash
# Runs the Python client over stubs made from proto/: asks one question, or looks at a server through reflection.
#
# tools/kiosk_example/kiosk.sh [--generator HOST:PORT] [--tls-ca FILE] [--api-key-file FILE] QUESTION
# tools/kiosk_example/kiosk.sh explore HOST:PORT [SERVICE/METHOD [JSON]]
# Fetches grpcio, grpcio-tools and grpcio-reflection with pip into build/kiosk_example; needs python3 with venv and a network
# the first time. No part of the build or of the tests.
set -euo pipefail

here=$(cd "$(dirname "$0")/../.." && pwd)
work=$here/build/kiosk_example
python=$work/venv/bin/python
mkdir -p "$work/stubs"
[[ -x $python ]] || python3 -m venv "$work/venv"
"$python" -c 'import grpc_tools, grpc_reflection' 2>/dev/null ||
  "$work/venv/bin/pip" install --quiet grpcio grpcio-tools grpcio-reflection >&2
"$python" -m grpc_tools.protoc --proto_path="$here/proto" --python_out="$work/stubs" --grpc_python_out="$work/stubs" \
  "$here"/proto/policykb/v1/*.proto

program=kiosk.py
if [[ ${1:-} == explore ]]; then
  program=explore.py
  shift
fi
PYTHONPATH=$work/stubs exec "$python" "$here/tools/kiosk_example/$program" "$@"
