#!/bin/sh
# lint.sh QMLLINT IMPORTS FILES...: fails with what qmllint says, if it says anything (6.4 ends with 0 after warnings).
lint=$1
imports=$2
shift 2
said=$("$lint" -I "$imports" "$@" 2>&1)
status=$?
[ -z "$said" ] && [ "$status" -eq 0 ] && exit 0
printf '%s\n' "$said"
exit 1
