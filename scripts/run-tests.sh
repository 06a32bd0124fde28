# shellcheck shell=bash
# Sourced: runs xunit.v3 test programs and adds up what they report.

passed=0 failed=0 skipped=0
results=$artifacts/test-results

# run_tests PROJECT… : runs each test project (already built) and adds to passed, failed, skipped
run_tests() {
	local project report name
	mkdir -p "$results"
	for project in "$@"; do
		name=$(basename "$project")
		report=$results/$name.xml
		rm -f "$report"
		step "$name"
		local status=0
		"$project/bin/$test_configuration/net10.0/$name" -nologo -noColor -xml "$report" ${test_arguments:+"${test_arguments[@]}"} >"$results/$name.log" 2>&1 || status=$?
		grep -aE '\[(FAIL|SKIP)\]|^ +[A-Z].*Exception|^ {6}' "$results/$name.log" || true
		if [ ! -s "$report" ]; then
			tail -20 "$results/$name.log"
			note "$name ended with status $status and no report"
			failed=$((failed + 1))
			continue
		fi
		count_report "$report"
	done
}

# count_report FILE: adds one xunit report
count_report() {
	local line
	line=$(grep -ao '<assembly [^>]*>' "$1" | head -1)
	local p f s e
	p=$(attribute passed "$line") f=$(attribute failed "$line") s=$(attribute skipped "$line") e=$(attribute errors "$line")
	note "$p passed, $((f + e)) failed, $s skipped"
	passed=$((passed + p)) failed=$((failed + f + e)) skipped=$((skipped + s))
}

attribute() { sed -nE "s/.* $1=\"([0-9]+)\".*/\1/p" <<<"$2" | grep . || echo 0; }

# verdict_of_tests: prints the closing line; fails on a failure, and in CI on a skip
verdict_of_tests() {
	printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
	[ "$failed" = 0 ] || return 1
	[ "$passed" -gt 0 ] || return 1
	[ -z "${CI:-}" ] || [ "$skipped" = 0 ] || { echo "a test was skipped, which CI does not allow" >&2; return 1; }
}
