#!/usr/bin/env bash
# Send a file from an extract job: sign in, rehearse, send, wait, print what was found.
# Needs bash, curl and openssl, and a P-384 key in PEM (openssl ecparam -name secp384r1 -genkey -noout).
#
#   COMANAGE_HOSPITAL=https://comanage.example.org/t/riverside COMANAGE_CLIENT=... \
#   COMANAGE_KEY=private.pem COMANAGE_KID=2026-10 COMANAGE_FEED=... extract_client.sh 2026-10 stays.csv
#
# A file of at most 50 MB, in one body. The same command again asks what became of the same file; another
# COMANAGE_RUN sends it anew. Findings go to standard output, one JSON object a line; it ends with 0 when
# the file was taken or waits for a person.
set -euo pipefail
umask 077

period=${1:?which period, such as 2026-10} file=${2:?which file}
: "${COMANAGE_HOSPITAL:?} ${COMANAGE_CLIENT:?} ${COMANAGE_KEY:?} ${COMANAGE_KID:?} ${COMANAGE_FEED:?}"
origin=$(sed -E 's#^(https?://[^/]+).*#\1#' <<<"$COMANAGE_HOSPITAL")
api=${COMANAGE_HOSPITAL%/}/api/v1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
token=

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 2; }

safe() { # only https, or this machine: otherwise anybody on the way reads the token
  [[ $1 =~ ^https://|^http://(127\.0\.0\.1|localhost)(:[0-9]+)?/ ]] || stop "Only https is safe: $1"
}

field() { sed -n "s/.*\"$1\" *: *\"\{0,1\}\([^\",}]*\).*/\1/p" "$folder/body"; }
header() { tr -d '\r' <"$folder/head" | awk -v name="$1:" 'tolower($1) == name { found = $2 } END { print found }'; }
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# JWS has r and s of 48 bytes each, one after the other; openssl writes them as DER.
signature() {
  openssl dgst -sha384 -sign "$COMANAGE_KEY" -binary | openssl asn1parse -inform DER |
    sed -n 's/.*INTEGER *://p' | while read -r number; do printf '%96s' "$number"; done | tr ' ' 0 |
    sed 's/../\\x&/g' | { read -r bytes || :; printf '%b' "$bytes"; } | base64url
}

# call METHOD ADDRESS [curl options]: one request, tried again as the server asks; the token does not stand
# among the arguments, where others on this machine would see it.
call() {
  local method=$1 address=$2
  shift 2
  curl --silent --show-error --max-time 300 --retry 5 --retry-connrefused --request "$method" \
    --config <([[ -z $token ]] || printf 'header = "Authorization: Bearer %s"\n' "$token") \
    --dump-header "$folder/head" --output "$folder/body" --write-out '%{http_code}' "$@" "$address" \
    >"$folder/status" || stop "No connection to $origin."
  status=$(<"$folder/status")
}

expect() { # the server's own sentence is the reason
  [[ " $* " == *" $status "* ]] || stop "$status: $(<"$folder/body")"
}

sign_in() {
  local now audience claims text
  call GET "$api/.well-known/smart-configuration"
  expect 200
  audience=$(field token_endpoint)
  safe "$audience"
  now=$(date +%s)
  claims=$(printf '{"iss":"%s","sub":"%s","aud":"%s","iat":%d,"exp":%d,"jti":"%s"}' "$COMANAGE_CLIENT" \
    "$COMANAGE_CLIENT" "$audience" "$now" $((now + 240)) "$(openssl rand -hex 16)")
  text=$(printf '{"alg":"ES384","typ":"JWT","kid":"%s"}' "$COMANAGE_KID" | base64url).$(printf %s "$claims" | base64url)
  printf %s "$text.$(printf %s "$text" | signature)" >"$folder/assertion"
  call POST "$audience" --data grant_type=client_credentials \
    --data client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
    --data-urlencode "client_assertion@$folder/assertion"
  expect 200
  token=$(field access_token)
}

media_type() {
  case $file in
    *.csv) echo text/csv ;;
    *.tsv) echo text/tab-separated-values ;;
    *.ndjson) echo application/x-ndjson ;;
    *.json) echo application/json ;;
    *.xlsx) echo application/vnd.openxmlformats-officedocument.spreadsheetml.sheet ;;
    *.parquet) echo application/vnd.apache.parquet ;;
    *) stop "The ending of the file says no kind: use csv, tsv, ndjson, json, xlsx or parquet." ;;
  esac
}

send() { # send MODE: leave what became of the file in the body
  local mode=$1 kind key location pause
  kind=$(media_type)
  key=$(printf '%s\n' "$COMANAGE_FEED" "$period" "$mode" "${COMANAGE_RUN:-first}" "$sha256" |
    openssl dgst -sha256 -r | cut -d ' ' -f 1)
  call POST "$api/feeds/$COMANAGE_FEED/submissions?period=$period&mode=$mode" --data-binary "@$file" \
    --header "Content-Type: $kind" --header "Idempotency-Key: $key" \
    --header "Content-Digest: sha-256=:$(openssl dgst -sha256 -binary "$file" | openssl base64 -A):"
  expect 200 202
  location=$origin$(header location)
  call GET "$location"
  while [[ $status == 202 ]]; do
    pause=$(header retry-after)
    sleep "${pause:-2}"
    call GET "$location"
    [[ $status != 401 ]] || { token=; sign_in; call GET "$location"; }
  done
  expect 200
  say "$mode: $(field status), $(field rows) rows, $(field findings) findings"
}

safe "$COMANAGE_HOSPITAL/"
[[ -r $file ]] || stop "There is no file $file to read."
sha256=$(openssl dgst -sha256 -r "$file" | cut -d ' ' -f 1)
sign_in
send dry-run
[[ $(field status) != checked ]] || send commit
became=$(field status)
call GET "$origin$(field outcome)"
expect 200
cat "$folder/body"
[[ $became == accepted || $became == superseded || $became == held ]]
