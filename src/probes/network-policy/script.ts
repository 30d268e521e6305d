import { ports } from './cells.js';

/** How long the probes of a round wait for their answers, in seconds. */
const probeSeconds = 1;

/** Where clouds answer their servers with data about themselves, credentials among them; OpenStack's service as well. */
export const metadataService = { host: '169.254.169.254', port: 80 } as const;

/** Where a pod of the matrix may write. */
export const scratch = '/scratch';

/** Asks in rounds, as ordered by a file that the kubelet keeps up to date. */
const rounds = `while read -r word own services rest; do
  if [ "$word" = search ]; then domain=\${services#svc.}; fi
done </etc/resolv.conf
n=0
while :; do
  if [ -s /orders/orders ]; then
    n=$((n + 1))
    asked=
    read -r up rest </proc/uptime
    echo "$n @ $up"
    while read -r order protocol host port; do
      case $host in *.svc) host=$host.$domain. ;; esac
      nc 127.0.0.1 ${ports.first} >"${scratch}/$order" <<END &
GET /dial?host=$host&port=$port&protocol=$protocol&request=hostname&tries=1 HTTP/1.0

END
      asked="$asked $!"
    done </orders/orders
    sleep ${probeSeconds} &
    wait $!
    kill $asked
    wait $asked
    while read -r order rest; do
      answer=
      while read -r text || [ -n "$text" ]; do answer=$text; done <"${scratch}/$order"
      case $answer in
        *'"responses":["'*) answer=\${answer#*'"responses":["'}; echo "$n $order + \${answer%%'"'*}" ;;
        *refused*) echo "$n $order x" ;;
        *) echo "$n $order -" ;;
      esac
    done </orders/orders
  else
    sleep 0.2 &
    wait $!
  fi
done
`;

/**
 * What a pod of the matrix runs: it answers on all ports, and asks its targets over and over again, each by a new connection, for an established
 * one outlives a policy. The orders stand in a file that the kubelet keeps up to date; results go to the log, so nothing crosses the pod network
 * but the probes themselves. The asking is done by a server in the pod that is asked over its loopback, by one small program for each probe; all of a
 * round run at once, and what has no answer when its time is over is ended. Starting programs is what the whole costs most.
 *
 * A line `N @ SECONDS` begins round N at that uptime of the node; `N ORDER + NAME` is an answer of the server NAME, `N ORDER x` a refusal, and
 * `N ORDER -` no answer in time.
 * Names are completed to whole ones by what the kubelet wrote into resolv.conf: else each is looked for under several domains, and a busy DNS takes
 * longer than a probe.
 * One kind of pods also says once, before it gets any orders, whether the metadata service of a cloud takes a connection: nothing is sent to it.
 * @param dual whether every port has to answer over IPv6 as well
 * @param metadata whether to try the metadata service
 */
export const probeScript = (dual: boolean, metadata = false): string => `
exec 2>/dev/null
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
${
  metadata
    ? `(if /agnhost connect --timeout=2s ${metadataService.host}:${metadataService.port}; then echo 'metadata yes'; else echo 'metadata no'; fi) &`
    : ''
}
${rounds}`;
