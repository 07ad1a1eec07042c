#!/bin/sh
# Install Debian packages, as root or through sudo, or say plainly what is missing.
set -eu

if ! command -v apt-get >/dev/null 2>&1; then
    echo "Please install these and try again: $* (this machine has no apt)." >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "Please run as root and try again: apt-get install $*" >&2
        exit 1
    fi
    as_root=sudo
fi
echo "Installing with apt: $*"
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null
