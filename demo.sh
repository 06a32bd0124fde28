#!/usr/bin/env bash
# Shows the main job on this machine, from nothing: installs what it needs, builds, starts collector (embedded store) and
# agent, records a session in a container, lists it and plays it back. Stops everything it started.
# usage: sudo ./demo.sh [--no-build]
set -euo pipefail
. "$(dirname "$0")/scripts/common.sh"

build=yes
for argument in "$@"; do
	case $argument in
	--no-build) build=no ;;
	-h | --help) sed -n '2,4s/^# //p' "$0"; exit 0 ;;
	*) fail "unknown argument '$argument'; allowed: --no-build" ;;
	esac
done
require_root
started=$SECONDS

install_for build run
ensure_dotnet
container=yes
(install_for container) || container=no
[ $container = yes ] || note "no container runtime can be had; a host terminal is recorded instead"
command -v script >/dev/null || install_packages bsdutils
[ $build = no ] || "$root/build.sh"

work=$(mktemp -d /tmp/recorder-demo.XXXXXX)
agent='' collector='' name=demo-$$
bin=$artifacts/bin

# --- leaves nothing behind -----------------------------------------------------------------------------------------
stop() { # pid
	[ -n "$1" ] || return 0
	kill "$1" 2>/dev/null && { wait "$1" || true; }
}
clean_up() {
	local status=$?
	trap - EXIT INT TERM
	[ $container = no ] || runc delete --force "$name" >/dev/null 2>&1 || true
	stop "$agent"
	"$bin/recorder-agent" --uninstall --state "$work/state" >/dev/null 2>&1 || true
	stop "$collector"
	if [ $status = 0 ]; then rm -rf "$work"; else note "the logs are in $work"; fi
	exit $status
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# wait_ready PID LOG WHAT
wait_ready() {
	local _
	for _ in $(seq 300); do
		grep -qw ready "$2" && return 0
		kill -0 "$1" 2>/dev/null || { cat "$2" >&2; fail "$3 ended before it was ready"; }
		sleep 0.2
	done
	cat "$2" >&2
	fail "$3 was not ready after 60 s"
}
free_port() { # from
	local port=$1
	while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 10)); done
	echo "$port"
}

step "Starting the collector, with its embedded ClickHouse"
http=$(free_port 8470) ingest=$(free_port 8471)
"$bin/recorder-collector" --data "$work/data" --listen "127.0.0.1:$http" --ingest "127.0.0.1:$ingest" --clickhouse off >"$work/collector.log" 2>&1 &
collector=$!
wait_ready "$collector" "$work/collector.log" "the collector"
export RECORDER_SERVER=http://127.0.0.1:$http

step "Starting the agent: kernel programs go in"
terminals=true
[ $container = no ] || terminals=false
"$bin/recorder-agent" --collector "127.0.0.1:$ingest" --state "$work/state" --host-terminals $terminals >"$work/agent.log" 2>&1 &
agent=$!
wait_ready "$agent" "$work/agent.log" "the agent"

# --- something to record ----------------------------------------------------------------------------------------------
make_container() {
	local bundle=$work/bundle applet
	mkdir -p "$bundle"/rootfs/{bin,etc,tmp,proc,dev,sys,root}
	cp /bin/busybox "$bundle/rootfs/bin/"
	for applet in sh ls id cat echo ps uname head sha256sum stty sleep seq date; do ln -s busybox "$bundle/rootfs/bin/$applet"; done
	echo 'root:x:0:0:root:/root:/bin/sh' >"$bundle/rootfs/etc/passwd"
	runc spec --bundle "$bundle"
	sed -i 's/"terminal": true/"terminal": false/; s/^\t\t\t"sh"$/\t\t\t"sleep", "10000"/; s/"readonly": true/"readonly": false/; s/"hostname": "runc"/"hostname": "demo"/' "$bundle/config.json"
	runc run --detach --bundle "$bundle" "$name" </dev/null >"$work/runc.log" 2>&1 || { cat "$work/runc.log" >&2; fail "runc could not start a container"; }
}
type_slowly() {
	local line
	sleep 1
	for line in 'id' '/bin/ls -l /bin/sh' 'stty -echo; echo "Password:"; read secret; stty echo' 's3cret-that-nobody-sees' '/bin/seq 1 5 | /bin/sha256sum' 'exit 3'; do
		printf '%s\n' "$line"
		sleep 0.7
	done
}
if [ $container = yes ]; then
	step "Recording: a shell in a container (runc exec -t), typed by this script"
	make_container
	command="runc exec --tty $name sh"
else
	step "Recording: a shell on a host terminal, typed by this script"
	command=sh
fi
type_slowly | script -qec "$command" /dev/null || true

# --- and back -----------------------------------------------------------------------------------------------------
ended() { "$bin/recorder" sessions --state ended --json | grep -q '"id"'; }
for _ in $(seq 100); do ended && break; sleep 0.2; done
ended || { tail -5 "$work/agent.log" "$work/collector.log" >&2; fail "the session did not arrive"; }

step "recorder sessions"
"$bin/recorder" sessions
id=$("$bin/recorder" sessions --state ended --limit 1 --json | grep -o '"id": *"[^"]*"' | head -1 | cut -d'"' -f4)
step "recorder show $id"
"$bin/recorder" show "$id"
step "recorder play $id --speed 2"
"$bin/recorder" play "$id" --speed 2 </dev/null
echo
step "That was played from the store, in $((SECONDS - started)) s from the start. The password is not in it."
cat <<E2

    Record your own:
        artifacts/bin/recorder-collector --data /var/lib/recorder/collector &
        artifacts/bin/recorder-agent --collector 127.0.0.1:8471 --state /var/lib/recorder/agent &
        kubectl exec -it POD -- sh            (or ctr, crictl, docker, runc exec; with --host-terminals true also ssh)
        artifacts/bin/recorder sessions
        artifacts/bin/recorder play ID
E2
