#!/usr/bin/env bash
# Records captures of small faults from the running kernel: two nodes of a
# cluster as network namespaces, a VXLAN tunnel between them, pods on bridges,
# NAT rules as kube-proxy writes them. All traffic stays inside the namespaces.
#
#	record.sh FOLDER [SCENARIO...]
#
# writes FOLDER/SCENARIO.POINT.pcap for each scenario in scenarios/, or those
# named, with the tools of Debian's iproute2, nftables, ethtool, procps and
# tcpdump, as root. What each must lead to stands in SCENARIO.want. A scenario
# that the kernel cannot run says why, and records nothing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ $# -lt 1 ]; then
	echo "usage: $0 FOLDER [SCENARIO...]" >&2
	exit 2
fi
if [ "$(id -u)" != 0 ] || [ "$(uname -s)" != Linux ]; then
	echo "$0: takes root on Linux: it creates network namespaces" >&2
	exit 2
fi
for tool in ip nft ethtool tcpdump sysctl go; do
	if ! command -v "$tool" >/dev/null; then
		echo "$0: $tool is missing; on Debian: apt-get install iproute2 nftables ethtool tcpdump procps golang" >&2
		exit 2
	fi
done

mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
if [ $# = 0 ]; then
	for file in "$here"/scenarios/*.sh; do
		set -- "$@" "$(basename "$file" .sh)"
	done
fi

work=$(mktemp -d)
# The clean-up of the last scenario may be cut short by an interrupt.
trap 'rm -rf "$work"' EXIT
(cd "$here" && CGO_ENABLED=0 go build -o "$work/traffic" ./traffic)

failed=0
for scenario in "$@"; do
	start=$SECONDS
	if LAB_OUT=$out LAB_WORK=$work LAB_SCENARIO=$scenario timeout 120 bash "$here/cluster.sh"; then
		echo "$scenario: recorded in $((SECONDS - start)) s" >&2
	elif [ $? = 3 ]; then
		: # it has said why
	else
		echo "$scenario: failed; $work/$scenario.log:" >&2
		cat "$work/$scenario.log" >&2
		failed=1
	fi
done
exit $failed
