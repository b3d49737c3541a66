#!/bin/bash
# Other people's clients against a gateway: openai for Python and Node, and the MCP SDK's client for both.
#
# usage: tests/gateway/clients.sh GATEWAY_URL [POLICYKB RETRIEVER GENERATOR]
#   GATEWAY_URL   http://host:port of a policykb-gateway over data/corpus that everybody may call
#   POLICYKB ...  the program policykb and the servers' addresses, for MCP over standard input
# environment: PYTHON (default python3), NODE_PATH (where npm has put packages)
#
# What is not installed is skipped, and said so; ends with 1 when a client that is there fails, with 77 when none is.
set -uo pipefail

readonly url="${1:?usage: tests/gateway/clients.sh GATEWAY_URL [POLICYKB RETRIEVER GENERATOR]}"
export GATEWAY_URL="$url" POLICYKB="${2:-}" RETRIEVER="${3:-}" GENERATOR="${4:-}"
readonly python="${PYTHON:-python3}"
readonly clients="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/clients"
ran=0
failed=0

# try NAME PRESENT COMMAND...: runs the command when PRESENT succeeds.
try() {
  local name="$1" present="$2"
  shift 2
  if ! eval "$present" >/dev/null 2>&1; then
    echo "SKIPPED $name: not installed"
    return
  fi
  ran=$(( ran + 1 ))
  if "$@"; then
    echo "PASSED  $name"
  else
    echo "FAILED  $name"
    failed=$(( failed + 1 ))
  fi
}

try "openai for Python" "$python -c 'import openai'" "$python" "$clients/openai_client.py"
try "MCP for Python, HTTP" "$python -c 'import mcp'" "$python" "$clients/mcp_client.py" http
if [[ -n "$POLICYKB" ]]; then
  try "MCP for Python, standard input" "$python -c 'import mcp'" "$python" "$clients/mcp_client.py" stdio
else
  echo "SKIPPED MCP for Python, standard input: no program named"
fi
try "openai for Node" "node -e 'require.resolve(\"openai\")'" node "$clients/openai_client.cjs"
try "MCP for Node, HTTP" "node -e 'require.resolve(\"@modelcontextprotocol/sdk/client/index.js\")'" node "$clients/mcp_client.cjs"

if (( failed > 0 )); then exit 1; fi
if (( ran == 0 )); then exit 77; fi
