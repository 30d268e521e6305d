import { ports } from './cells.js';

/** How long one probe waits for an answer, in seconds: a dropped one costs it whole. */
export const probeSeconds = 1;

/**
 * What a pod of the matrix runs: it answers on all ports, and asks its targets over and over again, each by a new connection, for an established
 * one outlives a policy. The orders stand in a file that the kubelet keeps up to date; results go to the log, so nothing crosses the pod network
 * but the probes themselves. The asking is done by a server in the pod that is asked over its loopback: a program of its own for each probe would
 * cost more than all else.
 *
 * A line `N @ SECONDS` begins round N at that uptime of the node; `N ORDER + NAME` is an answer of the server NAME, `N ORDER x` a refusal, and
 * `N ORDER -` no answer in time.
 * @param dual whether every port has to answer over IPv6 as well
 */
export const probeScript = (dual: boolean): string => `
trap 'exit 0' TERM INT
(/agnhost netexec --http-port=${ports.first} --udp-port=${ports.first} >/dev/null 2>&1 &)
${
  dual
    ? [ports.low, ports.high, ports.named]
        .map((port) => `(/agnhost netexec --http-port=${port} --udp-port=-1 >/dev/null 2>&1 &)`)
        .join('\n')
    : '(/agnhost porter >/dev/null 2>&1 &)'
}
if [ -d /proc/net/sctp ]; then
  echo 'sctp yes'
  (/agnhost netexec --http-port=8079 --udp-port=-1 --sctp-port=${ports.first} >/dev/null 2>&1 &)
else
  echo 'sctp no'
fi
if command -v timeout >/dev/null; then limit='timeout'; else limit='busybox timeout'; fi
probe() {
  r=$($limit ${probeSeconds} nc 127.0.0.1 ${ports.first} 2>/dev/null <<END
GET /dial?host=$4&port=$5&protocol=$3&request=hostname&tries=1 HTTP/1.0

END
  )
  case $r in
    *'"responses":["'*) r=\${r#*'"responses":["'}; echo "$1 $2 + \${r%%'"'*}" ;;
    *refused*) echo "$1 $2 x" ;;
    *) echo "$1 $2 -" ;;
  esac
}
n=0
while :; do
  if [ -s /orders/orders ]; then
    n=$((n + 1))
    read -r up rest </proc/uptime
    echo "$n @ $up"
    while read -r order protocol host port; do
      probe "$n" "$order" "$protocol" "$host" "$port" &
    done </orders/orders
    wait
  fi
  sleep 0.2
done
`;
