#!/usr/bin/env bash
# Set up, then check everything: format, lint, types, layers, tests. What a test needs from Debian is installed here when root.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$here"
if [ "$(id -u)" -eq 0 ]; then
    missing=()
    while read -r program package; do
        command -v "$program" >/dev/null || [ -e "$program" ] || missing+=("$package")
    done <<'EOF'
cobc gnucobol3
7zz 7zip
bsdtar libarchive-tools
xorriso xorriso
age age
pdftotext poppler-utils
/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf fonts-ipaexfont
ssh-keygen openssh-client
iconv libc-bin
EOF
    if [ ${#missing[@]} -gt 0 ]; then
        (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}") >/dev/null ||
            echo "could not install ${missing[*]}: the tests that need them are skipped and say so" >&2
    fi
fi
./run_nightly.sh setup --dev
bin=$here/.venv/bin
if [ $# -eq 0 ]; then
    "$bin/ruff" check .
    "$bin/ruff" format --check .
    "$bin/mypy"
    PYTHONPATH=src:. "$bin/lint-imports"
fi
exec "$bin/python" -m pytest -n 2 --dist loadfile "$@"
