#!/usr/bin/env bash
# Puts the embedded ClickHouse engine (libchdb.so) into artifacts/lib/chdb, from its npm package, once.
set -euo pipefail
. "$(dirname "$0")/common.sh"

version=26.7.3-stable.1
case $(uname -m) in
x86_64) package=@chdb/lib-linux-x64-gnu; sha512=5cff7b98caa7739b59a4a432c11f0dedc2d3b073624e61ebdf4a42e66ce8de35a6ba48ca9f62016bad1cd81fe059435cb858ce3235a8a2b408082a81563e70a7 ;;
aarch64) package=@chdb/lib-linux-arm64-gnu; sha512= ;;
*) fail "the embedded store has no engine for $(uname -m); use --store http://… with a ClickHouse server" ;;
esac

target=$artifacts/lib/chdb
if [ -f "$target/libchdb.so" ] && [ "$(cat "$target/version" 2>/dev/null)" = "$version" ]; then exit 0; fi
command -v npm >/dev/null || install_packages npm
step "Fetching the embedded ClickHouse engine, $package $version (170 MB, unpacks to 570 MB)"
mkdir -p "$target"
work=$(mktemp -d "$artifacts/chdb.XXXXXX")
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "$package@$version" >/dev/null) || fail "npm could not fetch $package@$version"
tarball=$(echo "$work"/*.tgz)
if [ -n "$sha512" ]; then
	echo "$sha512  $tarball" | sha512sum --check --status || fail "$package@$version is not the file that was expected (SHA-512 differs)"
fi
tar -xzf "$tarball" -C "$work" --wildcards '*/libchdb.so' '*/LICENSE*' 2>/dev/null || tar -xzf "$tarball" -C "$work"
library=$(find "$work" -name libchdb.so | head -1)
[ -n "$library" ] || fail "$package@$version holds no libchdb.so"
mv -f "$library" "$target/libchdb.so"
printf '%s\n' "$version" >"$target/version"
