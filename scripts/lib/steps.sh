# Sourced by scripts/test, check and soak: steps that are timed, counted and listed in a table at the end.
# shellcheck shell=bash
steps=()       # "status|seconds|name|why"
passed=0       # over all suites: checks, tests and fuzz targets
failed=0
unexpected=0   # skips that .ci/expected-skips.txt does not list
started=$SECONDS
limited=1      # over 60 minutes warns, over 75 fails; 0: as long as it takes
notes=$(mktemp -d)
trap 'rm -rf "$notes"' EXIT

say() { printf '\n== %s\n' "$*"; }

# step NAME COMMAND...: runs it and notes the minutes. 77 from the command means: skipped, its last SKIP line says why.
# It counts as one, passed or failed, unless the command writes "passed failed unexpected-skips" to $KITH_COUNTS.
step() {
    local name=$1 begin=$SECONDS status=0 why="" ok bad skips
    shift
    export KITH_COUNTS=$notes/counts
    rm -f "$KITH_COUNTS"
    say "$name"
    { "$@"; } > >(tee "$notes/log") 2>&1 || status=$? # braces: this shell opens the tee, so $! is its
    wait "$!" 2>/dev/null || true # the tee: its file is complete from here on
    if [ "$status" -eq 77 ]; then
        why=$(grep '^SKIP ' "$notes/log" | tail -n 1 | sed -E 's/^SKIP [^:]*: //')
        skip "$name" "${why:-no reason given}" >/dev/null # it has said so itself
        return 0
    fi
    if [ -f "$KITH_COUNTS" ]; then
        read -r ok bad skips <"$KITH_COUNTS"
    elif [ "$status" -eq 0 ]; then
        ok=1 bad=0 skips=0
    else
        ok=0 bad=1 skips=0
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    unexpected=$((unexpected + skips))
    if [ "$status" -eq 0 ]; then
        steps+=("ok|$((SECONDS - begin))|$name|")
    else
        steps+=("FAILED|$((SECONDS - begin))|$name|")
    fi
    return "$status"
}

# skip NAME WHY: a step that did not run says so; in CI it must be one that .ci/expected-skips.txt lists.
skip() {
    printf 'SKIP %s: %s\n' "$1" "$2"
    steps+=("SKIP|0|$1|$2")
    if ! grep -v '^#' .ci/expected-skips.txt | sed 's/ *|.*//' | grep -qxF -- "$1"; then
        unexpected=$((unexpected + 1))
    fi
}

# finish: prints the table and the closing line; the exit status of the whole run.
finish() {
    local entry status seconds name why minutes=$(((SECONDS - started) / 60)) result=0
    printf '\n%-8s %7s  %s\n' status minutes step
    for entry in "${steps[@]}"; do
        IFS='|' read -r status seconds name why <<<"$entry"
        printf '%-8s %4d:%02d  %s%s\n' "$status" $((seconds / 60)) $((seconds % 60)) "$name" "${why:+ ($why)}"
        [ "$status" != FAILED ] || result=1
    done
    printf '%-8s %4d:%02d  total\n' "" $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60))
    if [ "$limited" = 1 ] && [ "$minutes" -ge 75 ]; then
        echo "FAILED: the run took $minutes minutes; 75 is the limit"
        result=1
    elif [ "$limited" = 1 ] && [ "$minutes" -ge 60 ]; then
        echo "warning: the run took $minutes minutes; aim for less than 60"
    fi
    if [ "$unexpected" -gt 0 ]; then
        echo "$unexpected unexpected skip(s): .ci/expected-skips.txt lists those that may be"
        [ "${CI:-}" != true ] || result=1
    fi
    [ "$failed" -eq 0 ] || result=1
    if [ "$result" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
    printf '\n%d passed, %d failed\n' "$passed" "$failed"
    return "$result"
}

# build_preset PRESET [cmake --build arguments]: a command for `step`.
build_preset() {
    local preset=$1
    shift
    mkdir -p build
    cmake --preset "$preset" >"build/configure-$preset.log" 2>&1 || {
        cat "build/configure-$preset.log"
        return 1
    }
    cmake --build --preset "$preset" -j "$(nproc)" "$@"
}

# run_ctest BUILD_DIR [ctest arguments]: a command for `step`; counts its tests one by one.
run_ctest() {
    local folder=$1 report status=0
    shift
    report=$folder/ctest.xml
    rm -f "$report"
    ctest --test-dir "$folder" --output-on-failure --no-tests=error --test-output-size-passed 10000000 \
        --output-junit "$PWD/$report" -j "$(nproc)" "$@" || status=$?
    [ -f "$report" ] || return 1
    scripts/lib/ctest-summary "$report" "$KITH_COUNTS" || status=1
    return "$status"
}
