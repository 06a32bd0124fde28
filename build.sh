#!/usr/bin/env bash
# Builds everything: artifacts/bin/{recorder-agent,recorder-collector,recorder}.
# usage: ./build.sh [--debug] [--no-store]     --no-store leaves out the embedded ClickHouse engine
set -euo pipefail
. "$(dirname "$0")/scripts/common.sh"

configuration=Release store=yes
for argument in "$@"; do
	case $argument in
	--debug) configuration=Debug ;;
	--no-store) store=no ;;
	-h | --help) sed -n '2,3s/^# //p' "$0"; exit 0 ;;
	*) fail "unknown argument '$argument'; allowed: --debug, --no-store" ;;
	esac
done

install_for build run
ensure_dotnet

step "Compiling the kernel programs"
make --silent -C "$root/bpf"

[ $store = no ] || "$root/scripts/fetch-chdb.sh"

mkdir -p "$artifacts/bin"
publish() { # project name
	step "Building $2"
	rm -rf "${artifacts:?}/lib/$2"
	dotnet publish "$root/$1" -c $configuration -o "$artifacts/lib/$2" -nologo -v quiet -maxcpucount:2 -p:PublishDocumentationFiles=false
	ln -sfn "../lib/$2/$2" "$artifacts/bin/$2"
}
publish node-agent/Recorder.Agent recorder-agent
publish collector/Recorder.Collector recorder-collector
publish collector/Recorder.Cli recorder

step "Built"
ls -1 "$artifacts"/bin/* | sed "s|^$root/|    |"
