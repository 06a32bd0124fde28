#!/usr/bin/env bash
# Runs the unit and integration tests against the real kernel, container runtime and store, and ends with
# "N passed, N failed, N skipped". The cluster tests are tests/cluster/run.
# usage: ./test.sh [--no-build] [NAME…]     NAME: Wire, Agent, …: only tests/Recorder.NAME.Tests
set -euo pipefail
. "$(dirname "$0")/scripts/common.sh"
. "$root/scripts/run-tests.sh"

build=yes names=()
for argument in "$@"; do
	case $argument in
	--no-build) build=no ;;
	-h | --help) sed -n '2,4s/^# //p' "$0"; exit 0 ;;
	-*) fail "unknown argument '$argument'; allowed: --no-build, names of test projects" ;;
	*) [ -d "$root/tests/Recorder.$argument.Tests" ] || fail "there is no tests/Recorder.$argument.Tests"; names+=("$argument") ;;
	esac
done
[ ${#names[@]} -gt 0 ] || names=(Architecture Wire Kernel Agent Storage Collector Cli Integration)

test_configuration=Release
install_for build run test
ensure_dotnet
if [ $build = yes ]; then
	"$root/build.sh"
	step "Building the tests"
	dotnet build "$root/Recorder.sln" -c $test_configuration -nologo -v quiet -maxcpucount:2
fi

projects=()
for name in "${names[@]}"; do projects+=("$root/tests/Recorder.$name.Tests"); done
run_tests "${projects[@]}"
verdict_of_tests
