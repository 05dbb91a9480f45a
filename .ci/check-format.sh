#!/usr/bin/env bash
# Every tracked C++ file is formatted by clang-format 14. With --fix it formats instead of checking; with file names it
# looks at these only. Where version 14 cannot be had (Debian 13) it prints SKIP: other versions format differently.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=(--dry-run -Werror)
if [ "${1:-}" = --fix ]; then
    mode=(-i)
    shift
fi
if ! command -v clang-format-14 >/dev/null; then
    echo "SKIP format: clang-format-14 is not installed, and other versions format differently"
    exit 77
fi
if [ $# -gt 0 ]; then
    files=("$@")
else
    mapfile -d '' -t files < <(git ls-files -z --cached --others --exclude-standard -- '*.h' '*.cpp')
fi
existing=()
for file in "${files[@]}"; do
    case $file in *.h | *.cpp) [ -f "$file" ] && existing+=("$file") ;; esac
done
[ ${#existing[@]} -gt 0 ] || { echo "format: ok (no files)"; exit 0; }
if printf '%s\0' "${existing[@]}" | xargs -0 -n 16 -P "$(nproc)" clang-format-14 --style=file "${mode[@]}"; then
    echo "format: ok (${#existing[@]} files)"
else
    echo "format: run .ci/check-format.sh --fix"
    exit 1
fi
