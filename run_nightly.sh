#!/usr/bin/env bash
# The operators' door.
#   DATE               the night of a business date: SCRATCH, NIGHTLY on business days, PURGE; today in Japan when none is given.
#   demo               set up, then run a night and the January job on synthetic data.
#   setup [--dev]      make .venv in the checkout.
# The exit code is the return code. Safe under cron and systemd: needs no terminal, no PATH of a login, no current directory.
set -euo pipefail
umask 077
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$here/.venv
export PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}

usage() {
    cat >&2 <<'EOF'
usage: ./run_nightly.sh [DATE] [--hook COMMAND]   the night of DATE (yyyy-mm-dd; today in Japan) on CHOSHO_ROOT with CHOSHO_KEYS
       ./run_nightly.sh demo                      set up, make a synthetic world, run a night and JANUARY to a verified ISO image
       ./run_nightly.sh setup [--dev]             only set up .venv (with --dev: the tools of the tests too)
EOF
    exit 12
}

# Make .venv as pyproject.toml and the constraints say; nothing is done when it is so already.
setup() {
    local dev=${1:-} python=${PYTHON:-python3} stamp
    stamp=$venv/.set-up-$(cat "$here/pyproject.toml" "$here/.ci/constraints.txt" | sha256sum | cut -c1-16)$dev
    [ -e "$stamp" ] && return
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "chosho needs Python 3.11 or newer; PYTHON=/path/to/python3 names one" >&2
        exit 12
    fi
    if [ ! -x "$venv/bin/pip" ] && ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        # Debian keeps venv in a package of its own.
        rm -rf "$venv"
        if [ "$(id -u)" -ne 0 ]; then
            echo "python3-venv is missing: apt-get install python3-venv" >&2
            exit 12
        fi
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        "$python" -m venv "$venv"
    fi
    echo "setting up $venv (once, a minute or two)"
    local log=$venv/set-up.log pip=("$venv/bin/pip" install -q --disable-pip-version-check -c "$here/.ci/constraints.txt")
    # The kernels are compiled here, so that no job ever waits for them.
    if ! { "${pip[@]}" --upgrade pip setuptools && "${pip[@]}" -e "$here" ${dev:+--group dev} &&
        "$venv/bin/python" -c 'from chosho import codec; codec.warm()'; } >"$log" 2>&1; then
        cat "$log" >&2
        echo "setting up failed; the output above is in $log" >&2
        exit 12
    fi
    touch "$stamp"
}

# What a command of the demo may end with: rejects and refused files are in the synthetic world on purpose.
at_most() {
    local limit=$1 code=0
    shift
    "$@" || code=$?
    [ "$code" -le "$limit" ] || exit "$code"
}

demo() {
    setup
    export CHOSHO_ROOT=$here/var/demo/root CHOSHO_KEYS=$here/var/demo/keys
    local chosho=$venv/bin/chosho
    [ -d "$CHOSHO_KEYS" ] || "$chosho" keys init
    [ -e "$CHOSHO_ROOT/CATALOG.yaml" ] || "$chosho" init --definitions "$here/datasets"
    [ -e "$CHOSHO_ROOT/source/PAYMENT.DAT" ] ||
        "$chosho" fixtures make --contracts 2000 --seed 1 --tax-year 2026
    if [ ! -e "$CHOSHO_ROOT/spool/NIGHTLY.20270108.01" ]; then
        "$chosho" fixtures arrivals --date 2027-01-08 --requests 500
        at_most 4 "$chosho" night 2027-01-08
    fi
    local code=0
    "$chosho" submit JANUARY --date 2027-01-12 || code=$?
    if [ "$code" -le 4 ]; then
        local image password
        image=$("$chosho" media list --json | "$venv/bin/python" -c 'import json,sys; print(json.load(sys.stdin)[0]["path"])')
        password=$("$chosho" media list --json | "$venv/bin/python" -c 'import json,sys; print(json.load(sys.stdin)[0]["password_id"])')
        cat <<EOF

Code 4 is as it should be: the synthetic world holds bad records and doubtful numbers, and they were listed.
The image: $image

  export CHOSHO_ROOT=$CHOSHO_ROOT CHOSHO_KEYS=$CHOSHO_KEYS
  mount    sudo mount -o loop,ro $image /mnt
  verify   $chosho media verify $image
  open     $chosho media open $image --out DIR
           (passphrase: $chosho media password $password --reason TEXT)
  night    $here/run_nightly.sh 2027-01-12
EOF
    fi
    return "$code"
}

# End a night that chosho cannot even begin, and tell its hook as chosho does: the code and no run, in an environment that is bare.
refuse() {
    local hook=${CHOSHO_HOOK:-} words=()
    echo "$1" >&2
    shift
    while [ $# -gt 0 ]; do
        case $1 in
            --hook) hook=${2:-} ;;
            --hook=*) hook=${1#--hook=} ;;
        esac
        shift
    done
    # xargs reads quotes without running anything.
    mapfile -d '' -t words < <(printf '%s' "$hook" | xargs -r printf '%s\0')
    if [ ${#words[@]} -gt 0 ]; then
        (cd / && timeout 60 env -i PATH="$PATH" ${HOME:+HOME="$HOME"} ${LANG:+LANG="$LANG"} "${words[@]}" 12 - </dev/null) ||
            echo "the hook failed: code $?" >&2
    fi
    exit 12
}

# The set-up is done by hand beforehand: a night must not wait for a package index.
night() {
    if [ ! -x "$venv/bin/chosho" ]; then
        refuse "chosho is not set up: run $here/run_nightly.sh setup" "$@"
    fi
    for name in CHOSHO_ROOT CHOSHO_KEYS; do
        if [ -z "${!name:-}" ]; then
            refuse "$name is not set; it names the data root (CHOSHO_ROOT) or the key folder (CHOSHO_KEYS)" "$@"
        fi
    done
    cd "$here"
    exec "$venv/bin/chosho" night "$@" </dev/null
}

case ${1:-} in
    demo) demo ;;
    setup) setup "${2:-}" ;;
    "" | --hook | [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) night "$@" ;;
    *) usage ;;
esac
