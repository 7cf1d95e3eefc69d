# The cluster of the lab, and the words that scenarios are written in. Run by
# record.sh, once for each scenario; the namespaces last as long as this shell.
#
#	            A 10.0.0.1 ── eth0 ── wire ── eth0 ── 10.0.0.2 B
#	 pods 10.244.0.0/24 on cni0                  pods 10.244.1.0/24 on cni0
#	 tunnel 10.244.0.0 on flannel.1              tunnel 10.244.1.0 on flannel.1
#
# wire is a bridge in a namespace of its own: what is dropped there has left
# one node and never reaches the other. The default gateway, 10.0.0.254, is not
# there: nothing leaves the lab.
set -euo pipefail

scenario=$LAB_SCENARIO
log=$LAB_WORK/$scenario.log
lab=lab$$
captures=() # process ids of tcpdump

# on NAMESPACE COMMAND...: runs it there.
on() {
	local ns=$1
	shift
	ip netns exec "$lab-$ns" "$@"
}

# unsupported REASON: the scenario cannot run on this kernel.
unsupported() {
	echo "$scenario: skipped: $*" >&3
	exit 3
}

# namespace NAME: no IPv6, so that captures hold what the scenario makes, and
# SYNs repeated after 1, 2, 4 s … as by Linux before 6.5.
namespace() {
	ip netns add "$lab-$1"
	on "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 \
		net.ipv4.tcp_syn_linear_timeouts=0 net.ipv4.ip_forward=1
	on "$1" ip link set lo up
}

# clean_up ends what runs in the namespaces, and deletes them.
clean_up() {
	local ns pids
	for ns in $(ip netns list | awk -v lab="$lab-" 'index($1, lab) == 1 {print $1}'); do
		pids=$(ip netns pids "$ns")
		[ -z "$pids" ] || kill $pids 2>/dev/null || true
		ip netns del "$ns"
	done
}
trap clean_up EXIT

# cluster sets up wire, A and B.
cluster() {
	namespace wire
	on wire ip link add br0 type bridge
	on wire ip link set br0 up
	node A 0 1 2
	node B 1 2 1
}

# node NAME N HOST PEER: a node 10.0.0.HOST with pods 10.244.N.0/24, and a
# tunnel to the other one, whose numbers are 1-N and PEER.
node() {
	local name=$1 n=$2 host=$3 peer=$4 far=$((1 - $2))
	namespace "$name"
	ip link add "$lab" netns "$lab-wire" type veth peer name eth0 netns "$lab-$name" address 02:00:0a:00:00:0"$host"
	on wire ip link set "$lab" name "to$name" master br0 up
	on "$name" ip addr add "10.0.0.$host/24" dev eth0
	on "$name" ip link set eth0 up
	on "$name" ip route add default via 10.0.0.254
	on "$name" ip link add flannel.1 address 02:00:0a:f4:0"$n":00 type vxlan id 1 dstport 8472 local "10.0.0.$host" dev eth0 nolearning
	on "$name" ip addr add "10.244.$n.0/32" dev flannel.1
	on "$name" ip link set flannel.1 up
	on "$name" bridge fdb append 02:00:0a:f4:0"$far":00 dev flannel.1 dst "10.0.0.$peer"
	on "$name" ip neigh add "10.244.$far.0" lladdr 02:00:0a:f4:0"$far":00 dev flannel.1
	on "$name" ip route add "10.244.$far.0/24" via "10.244.$far.0" dev flannel.1 onlink
	on "$name" ip link add cni0 address 02:00:0a:f4:0"$n":01 type bridge
	on "$name" ip addr add "10.244.$n.1/24" dev cni0
	on "$name" ip link set cni0 mtu 1450 up
}

# pod NAME NODE ADDRESS [MAC]: a pod on the bridge of a node; its end of the
# veth pair is eth0, the node's NAME.
pod() {
	local name=$1 node=$2 address=$3
	local mac=${4:-$(printf '02:00:0a:f4:%02x:%02x' $(echo "$address" | awk -F. '{print $3, $4}'))}
	namespace "$name"
	ip link add "$name" netns "$lab-$node" mtu 1450 type veth peer name eth0 netns "$lab-$name" mtu 1450 address "$mac"
	on "$node" ip link set "$name" master cni0 up
	on "$name" ip addr add "$address/24" dev eth0
	on "$name" ip link set eth0 up
	on "$name" ip route add default via "${address%.*}.1"
}

# client_and_server: a pod on each node, and checksums complete on the wire.
client_and_server() {
	pod client A 10.244.0.7
	pod server B 10.244.1.5
	offload off
}

# bridge_netfilter NODE: frames that cross its bridge pass the NAT rules, as
# kubelet asks for; a service is translated on the bridge itself.
bridge_netfilter() { on "$1" sysctl -qw net.bridge.bridge-nf-call-iptables=1; }

# offload on|off: of the nodes' interfaces to the wire. Off, every packet
# leaves with its checksums complete; on, they stay as the kernel left them,
# since a veth pair is no network card.
offload() {
	local node
	for node in A B; do
		on "$node" ethtool -K eth0 tx "$1" tso "$1" gso "$1" >/dev/null
	done
}

# services NODE: the chains of kube-proxy. The scenario fills the chain
# "services"; what it marks 0x4000 is masqueraded once.
services() {
	on "$1" nft -f - <<-'NFT'
		table ip nat {
			chain services { }
			chain prerouting { type nat hook prerouting priority dstnat; jump services; }
			chain output { type nat hook output priority -100; jump services; }
			chain postrouting {
				type nat hook postrouting priority srcnat;
				meta mark & 0x4000 == 0 return
				meta mark set meta mark ^ 0x4000 masquerade fully-random
			}
		}
		table ip filter {
			chain forward { type filter hook forward priority filter; }
			chain output { type filter hook output priority filter; }
			chain input { type filter hook input priority filter; }
		}
	NFT
}

# rule NODE CHAIN RULE...: adds to a table of services: "nat services …",
# "filter forward …".
rule() {
	local node=$1 table=$2 chain=$3
	shift 3
	on "$node" nft add rule ip "$table" "$chain" "$@"
}

# lift NODE CHAIN: removes the rules of a chain of table filter.
lift() { on "$1" nft flush chain ip filter "$2"; }

# wire RULE...: a rule for the frames that cross the wire.
wire() {
	on wire nft -f - <<-NFT
		table bridge filter { chain forward { type filter hook forward priority 0; }; }
		add rule bridge filter forward $*
	NFT
}

# lift_wire removes them.
lift_wire() { on wire nft flush chain bridge filter forward; }

# record POINT NAMESPACE DEVICE [FILTER...]: captures from now on.
record() {
	local ns=$2 device=$3 file=$LAB_OUT/$scenario.$1.pcap said=$LAB_WORK/$scenario.$1.tcpdump
	shift 3
	ip netns exec "$lab-$ns" tcpdump -i "$device" --immediate-mode -U -Z root -n -w "$file" "$@" 2>"$said" &
	captures+=($!)
	until grep -q 'listening on' "$said"; do
		kill -0 $! # a tcpdump that ended has said why
		sleep 0.05
	done
}

# record_path: captures at every point between client and server.
record_path() {
	record A-pod client eth0
	record A-flannel1 A flannel.1
	record A-eth0 A eth0
	record B-eth0 B eth0
	record B-flannel1 B flannel.1
	record B-pod server eth0
}

# stop ends the captures, when the last packets are in them.
stop() {
	sleep 0.5
	kill -INT "${captures[@]}"
	wait "${captures[@]}" || true
	captures=()
}

# serve NAMESPACE COMMAND ADDR [FLAGS...]: a server of the program traffic, in
# the background until the end of the scenario.
serve() {
	local ns=$1
	shift
	ip netns exec "$lab-$ns" "$LAB_WORK/traffic" "$@" &
	sleep 0.2
}

# traffic NAMESPACE COMMAND ADDR [FLAGS...]: a client of it.
traffic() {
	local ns=$1
	shift
	on "$ns" "$LAB_WORK/traffic" "$@"
}

# lookup NAMESPACE DATABASE NAME: asks the cluster's DNS, 10.96.0.10, as getent
# and the resolver of glibc do.
lookup() {
	echo 'nameserver 10.96.0.10' >"$LAB_WORK/resolv.conf"
	on "$1" sh -c 'mount --bind "$1" /etc/resolv.conf && getent "$2" "$3"' sh "$LAB_WORK/resolv.conf" "$2" "$3"
}

exec 3>&2 >"$log" 2>&1
source "$(dirname "${BASH_SOURCE[0]}")/scenarios/$scenario.sh"
[ ${#captures[@]} = 0 ] || stop
