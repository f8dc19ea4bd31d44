#!/usr/bin/env bash
# Runs a test program under Wine. Once in some thousand times Wine 8 fails to start a process
# (1359, ERROR_INTERNAL_ERROR). That says nothing of what was to be tested: where a test fails
# and this is among its reasons, the program is run again.
set -uo pipefail
said=$(mktemp)
trap 'rm -f "$said"' EXIT
for _ in 1 2 3 4 5; do
  wine "$@" 2>&1 | tee "$said"
  ended=${PIPESTATUS[0]}
  if [ "$ended" -eq 0 ] || ! grep -q 'code: 1359' "$said"; then break; fi
  echo "Wine could not start a process: once more"
done
exit "$ended"
