#!/bin/sh
# seal.sh FROM TO... : signs and encrypts the message on standard input to all recipients whose certificates DNS has,
# and hands it to Postfix. The others get nothing.
set -u
from=$1
shift
chain=$(dirname "$0")
. "$chain/settings"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# certificates at a name that lead to an anchor: the files they are put into
certificates() {
  count=0
  for record in $(dig +short "@$resolver" -p "$resolver_port" CERT "$1" | sed -n 's/^PKIX [^ ]* [^ ]* //p' | tr -d ' '); do
    file="$work/$1.$count.pem"
    echo "$record" | base64 -d 2>/dev/null | openssl x509 -inform DER -out "$file" 2>/dev/null || continue
    openssl verify -CAfile "$chain/anchors.pem" "$file" >/dev/null 2>&1 || continue
    echo "$file"
    count=$((count + 1))
  done
}

to=
keys=
for recipient in "$@"; do
  local=${recipient%@*}
  domain=${recipient#*@}
  found=$(certificates "$local.$domain")
  [ -n "$found" ] || found=$(certificates "$domain")
  [ -n "$found" ] || continue
  to="$to${to:+ }$recipient"
  for file in $found; do keys="$keys -recip $file -keyopt rsa_padding_mode:oaep"; done
done
[ -n "$to" ] || exit 0

{
  printf 'Content-Type: message/rfc822\r\n\r\n'
  sed 's/$/\r/'
} >"$work/wrapped"
openssl cms -sign -in "$work/wrapped" -signer "$chain/domain.pem" -inkey "$chain/domain.key" -md sha256 \
  -crlfeol -out "$work/signed" || exit 75
{
  printf 'Date: %s\nMessage-ID: <%s@%s>\n' "$(date -R)" "$(cat /proc/sys/kernel/random/uuid)" "${from#*@}"
  openssl cms -encrypt -aes-128-cbc -in "$work/signed" -from "$from" -to "$(echo "$to" | sed 's/ /, /g')" $keys
} >"$work/message" || exit 75
envelope=
for recipient in $to; do envelope="$envelope --mail-rcpt $recipient"; done
curl -sS --crlf --url "smtp://127.0.0.1:$smtp_port" --mail-from "$from" $envelope -T "$work/message"
