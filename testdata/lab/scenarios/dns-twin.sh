# The resolver of glibc asks for A and AAAA from one socket at once, and the
# second query is lost on the node; asked again after 5 s it passes. Linux since
# 5.0 no longer loses it, so a rule stands in for the race: it drops the second
# of three queries. Queries on their own are answered at once.
cluster
services A
client_and_server
rule A nat services ip daddr 10.96.0.10 udp dport 53 dnat to 10.244.1.5:53
serve server names :53 -hold 2ms
# Without an IPv6 address of its own a host does not ask for AAAA.
on client ip link add six type veth peer name six0
on client sysctl -qw net.ipv6.conf.six.disable_ipv6=0
on client ip addr add fd00:10:244::7/64 dev six nodad
on client ip link set six0 up
on client ip link set six up

record A-pod client eth0
record A-eth0 A eth0
lookup client ahostsv4 alone.example.test
for name in one two three four five; do # of a busy machine some pairs are no twins
	rule A filter forward udp dport 53 numgen inc mod 3 1 drop
	lookup client ahosts "$name.example.test"
	lift A forward
	lookup client ahostsv4 "$name.alone.example.test"
done
