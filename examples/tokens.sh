#!/bin/sh
# Tokens, step by step: starts the three servers of a replication scheme, writes a token and reads it, silences one server,
# writes and reads again. Run it from anywhere, after `npm start` or `npm run build`; it leaves nothing behind.
#
#   examples/tokens.sh [SCHEME]      SCHEME: a scheme of token 101 like examples/tokens.yaml, on 127.… addresses
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
scheme=${1:-$root/examples/tokens.yaml}

fail() {
  echo "tokens.sh: $1" >&2
  exit 1
}

[ -f "$scheme" ] || fail "there is no file $scheme"
[ -d "$root/apps/cli/dist" ] && [ -d "$root/apps/register-server/dist" ] || fail "build first: npm run build"
addresses=$(grep -oE '127(\.[0-9]+){3}:[0-9]+' "$scheme" | awk '!seen[$0]++')
# shellcheck disable=SC2086 # one word for each address
set -- $addresses
[ $# -eq 3 ] || fail "$scheme names $# access points: this example is about three"

# Every server and all data ends with this script, however it ends.
data=$(mktemp -d)
servers=
clean() {
  # shellcheck disable=SC2086
  [ -z "$servers" ] || kill $servers 2>/dev/null || true
  wait
  rm -rf "$data"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say() {
  printf '\n# %s\n' "$1"
}

# Shows a command, runs it, and goes on if it fails: a server that is silent is no mistake here.
synod() {
  echo "\$ npx synod $*"
  node "$root/apps/cli/bin/synod.js" "$@" 2>&1 || echo "(exit code $?)"
}

say "Three servers, each with the scheme, its own address and a folder for its data."
for address in "$@"; do
  echo "\$ npx synod-register-server --listen $address --config $(basename "$scheme") --data data/$address --allow-faults &"
  mkdir "$data/$address"
  node "$root/apps/register-server/bin/synod-register-server.js" --listen "$address" --config "$scheme" \
    --data "$data/$address" --allow-faults --quiet 2>"$data/$address/stderr" &
  servers="$servers $!"
done

# A new server takes part as soon as it has met the others that hold its tokens; its log says so.
for address in "$@"; do
  until grep -q '"server-ready"' "$data/$address/server.log" 2>/dev/null; do
    for server in $servers; do
      kill -0 "$server" 2>/dev/null || fail "$(cat "$data"/*/stderr)"
    done
    sleep 0.1
  done
done

writer="--host ${1%:*} --port ${1##*:}"
reader="--host ${2%:*} --port ${2##*:}"
other="--host ${3%:*} --port ${3##*:}"

# shellcheck disable=SC2086 # flags and their values are words of their own
{
  say "A token is written at its writer. Its partial state is the number with the least hash in [low, mid)."
  synod token write --id 101 --name abc --low 1 --mid 5 --high 25 $writer

  say "It is read at any reader, with its final state: the same over [low, high)."
  synod token read --id 101 $reader

  say "A reader falls silent about this token: it sends nothing about it any more, to servers and to clients."
  synod silence --token 101 $reader
  synod token read --id 101 --timeout 2 $reader

  say "Two of three are a majority: writing and reading go on."
  synod token write --id 101 --name abc --low 10 --mid 20 --high 100 $writer
  synod token read --id 101 $other

  say "When it speaks again, it answers with what was written meanwhile."
  synod unsilence --token 101 $reader
  synod token read --id 101 $reader
}
