#!/bin/sh
# Takes one Direct message from Postfix: opens it, asks openssl who signed it, keeps it, and answers with a processed
# notice. Whatever cannot be opened or verified is dropped in silence.
set -u
sender=$1
recipient=$2
chain=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/message"
openssl cms -decrypt -in "$work/message" -recip "$chain/domain.pem" -inkey "$chain/domain.key" \
  -out "$work/signed" 2>/dev/null || exit 0
openssl cms -verify -in "$work/signed" -CAfile "$chain/anchors.pem" -out "$work/content" 2>/dev/null || exit 0
# the wrapped message stands below the header of its part
sed '1,/^\r*$/d' "$work/content" | tr -d '\r' >"$work/inner"
cp "$work/inner" "$chain/mailbox/$(date +%s%N)"

header() {
  sed '/^$/q' "$work/inner" | sed -n "s/^$1: *//Ip" | head -n 1
}
# notices are not answered
header Content-Type | grep -qi 'multipart/report' && exit 0
id=$(header Message-ID)
from=$(header From | grep -o '[^<> ]*@[^<> ]*' | head -n 1)
[ -n "$id" ] && [ -n "$from" ] || exit 0

cat >"$work/notice" <<MESSAGE
From: $recipient
To: $from
Subject: Processed
Date: $(date -R)
Message-ID: <$(cat /proc/sys/kernel/random/uuid)@${recipient#*@}>
In-Reply-To: $id
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary=report

--report
Content-Type: text/plain

The message was processed.

--report
Content-Type: message/disposition-notification

Reporting-UA: ${recipient#*@}; shell
Final-Recipient: rfc822; $recipient
Original-Message-ID: $id
Disposition: automatic-action/MDN-sent-automatically; processed

--report--
MESSAGE
"$chain/seal.sh" "$recipient" "$from" <"$work/notice"
