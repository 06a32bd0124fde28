# shellcheck shell=bash
# Sourced by the project's scripts: messages, and Debian packages by purpose.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
artifacts=$root/artifacts
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\033[1m' plain=$'\033[0m'; else bold='' plain=''; fi
step() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }
note() { printf '    %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

require_root() { [ "$(id -u)" = 0 ] || fail "$0 needs root: it installs packages and loads kernel programs. Run it with sudo."; }

# Installs the Debian packages named, those that are missing; quiet when there are none.
install_packages() {
	local missing=() package
	for package in "$@"; do
		dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
	done
	[ ${#missing[@]} = 0 ] && return 0
	command -v apt-get >/dev/null || fail "these packages are needed and there is no apt-get to install them: ${missing[*]}"
	[ "$(id -u)" = 0 ] || fail "these packages are needed; install them as root: apt-get install ${missing[*]}"
	step "Installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	local apt=(apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
	"${apt[@]}" update
	"${apt[@]}" install -y --no-install-recommends "${missing[@]}" >"$artifacts/apt.log" 2>&1 || { tail -20 "$artifacts/apt.log" >&2; fail "apt-get could not install ${missing[*]}"; }
}

packages_for() {
	case $1 in
	build) echo clang-19 libbpf-dev bpftool make gcc libc6-dev ca-certificates ;;
	run) echo libbpf1 ;;
	container) echo containerd runc busybox-static ;;
	test) echo containerd runc busybox-static python3 python3-msgpack asciinema strace expect tmux util-linux bpftool iproute2 procps ;;
	kernels) echo qemu-system-x86 cpio busybox-static runc zstd xz-utils kmod ;;
	*) fail "no such group of packages: $1" ;;
	esac
}

# install_for build run …
install_for() {
	local group packages=()
	for group in "$@"; do read -ra more <<<"$(packages_for "$group")"; packages+=("${more[@]}"); done
	install_packages "${packages[@]}"
}

# The .NET SDK that global.json asks for, from the machine or from Microsoft's installer.
ensure_dotnet() {
	local wanted=10
	if command -v dotnet >/dev/null && dotnet --list-sdks 2>/dev/null | grep -q "^$wanted\."; then return 0; fi
	if [ -x "$HOME/.dotnet/dotnet" ] && "$HOME/.dotnet/dotnet" --list-sdks | grep -q "^$wanted\."; then
		export DOTNET_ROOT=$HOME/.dotnet PATH=$HOME/.dotnet:$PATH
		return 0
	fi
	step "Installing the .NET $wanted SDK"
	install_packages curl ca-certificates libicu72
	local installer=$artifacts/dotnet-install.sh
	if curl -fsSL --max-time 60 https://dot.net/v1/dotnet-install.sh -o "$installer" && bash "$installer" --channel "$wanted.0" --install-dir "$HOME/.dotnet"; then
		export DOTNET_ROOT=$HOME/.dotnet PATH=$HOME/.dotnet:$PATH
		return 0
	fi
	fail "the .NET $wanted SDK is missing and Microsoft's installer could not be fetched. Install it, then run this again:
    curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel $wanted.0 --install-dir ~/.dotnet"
}

mkdir -p "$artifacts"
