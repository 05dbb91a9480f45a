#!/usr/bin/env bash
# Installs the independent implementation that SignalInteropTest talks to, below build/ and never elsewhere. Does
# nothing when the lock file's content is installed already. Needs node, npm and the network once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
target=../../../build/interop/signal
mkdir -p "$target"
exec 9>"$target/.lock"
flock 9 # two test runs may start at once
if cmp -s package-lock.json "$target/.installed"; then
    exit 0
fi
cp package.json package-lock.json "$target/"
(cd "$target" && npm ci --silent --no-audit --no-fund)
cp package-lock.json "$target/.installed"
