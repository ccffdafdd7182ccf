#!/bin/sh
# Calls one method of figured from a shell, with socat: call.sh METHOD [PARAMETERS]
#
#   call.sh QueryFigureClusters '{"Sort": "FaceCount", "Order": "desc"}'
#
# Prints the greeting and the answer, a line each. socat closes its writing side at the end of its
# input, the daemon answers what is open and closes.
set -eu
[ $# -ge 1 ] || { echo "usage: call.sh METHOD [PARAMETERS]" >&2; exit 2; }
socket=${FIGURED_SOCKET:-/run/figured/figured.sock}
parameters=${2:-}
printf '{"jsonrpc":"2.0","id":1,"method":"%s","params":%s}\n' "$1" "${parameters:-{\}}" |
  socat -t 60 STDIO "UNIX-CONNECT:$socket"
