#!/bin/sh
# send.sh FROM TO... : what the user of the chain does to send a message.
from=$1
chain=$(dirname "$0")
header=$(echo "$*" | cut -d ' ' -f 2- | sed 's/ /, /g')
"$chain/seal.sh" "$@" <<MESSAGE
From: $from
To: $header
Subject: Referral
Date: $(date -R)
Message-ID: <$(cat /proc/sys/kernel/random/uuid)@${from#*@}>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

A test message. It holds no data of any person.
MESSAGE
