#!/bin/sh
# Says which Debian packages `make setup` still needs. It installs nothing: that is for whoever owns the machine.
#   tools/prerequisites.sh python [PYTHON]
#   tools/prerequisites.sh node
set -eu

stop() {
    echo "make setup needs $1" >&2
    echo "  $2" >&2
    exit 1
}

case "$1" in
python)
    python="${2:-python3}"
    command -v "$python" >/dev/null 2>&1 ||
        stop "Python 3.11 or newer." "apt-get install python3 python3-venv"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "Python 3.11 or newer; $python is $("$python" -V 2>&1)." "name another one: make setup PYTHON=python3.12"
    command -v uv >/dev/null 2>&1 || "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "Python's module venv." "apt-get install python3-venv"
    ;;
node)
    command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 ||
        stop "Node.js 18 or newer, with npm, to build styles and scripts." "apt-get install nodejs npm"
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] ||
        stop "Node.js 18 or newer; this is $(node --version)." "apt-get install nodejs npm"
    ;;
esac
