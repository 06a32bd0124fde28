# shellcheck shell=bash
# Sourced by up, down and run: where the cluster keeps its things.

. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/common.sh"
here=$root/tests/cluster
KUBE_BIN=${KUBE_BIN:-/opt/kube/bin}
home=${KUBE_HOME:-/tmp/recorder-cluster}
containerd_socket=/run/containerd/containerd.sock
export KUBECONFIG=$home/admin.conf

kubectl() { "$KUBE_BIN/kubectl" "$@"; }

# wait_for SECONDS WHAT COMMAND…
wait_for() {
	local seconds=$1 what=$2
	shift 2
	for _ in $(seq "$((seconds * 2))"); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.5
	done
	fail "$what did not come up within $seconds s; logs are in $home/log"
}

# start NAME COMMAND…: in the background, with a log and a pid file
start() {
	local name=$1
	shift
	setsid nohup "$@" >"$home/log/$name.log" 2>&1 </dev/null &
	echo $! >"$home/$name.pid"
}

# stop NAME: ends what start began, by its id
stop() {
	local file=$home/$1.pid pid
	[ -f "$file" ] || return 0
	pid=$(cat "$file")
	rm -f "$file"
	kill "$pid" 2>/dev/null || return 0
	for _ in $(seq 40); do
		kill -0 "$pid" 2>/dev/null || return 0
		sleep 0.25
	done
	kill -9 "$pid" 2>/dev/null || true
}
