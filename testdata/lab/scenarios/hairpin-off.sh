# A service whose endpoints are taken in turn, every third time the client
# itself. What falls to itself would leave by the bridge port that it came from,
# and without hairpin mode a bridge does not do that. It is never confirmed by
# conntrack, so the SYN that is sent again falls anew, as often as it takes.
cluster
services A
pod client A 10.244.0.7
pod server A 10.244.0.8
bridge_netfilter A
rule A nat services ip daddr 10.96.0.80 tcp dport 80 numgen inc mod 3 0 meta mark set 0x4000 dnat to 10.244.0.7:80
rule A nat services ip daddr 10.96.0.80 tcp dport 80 dnat to 10.244.0.8:80
serve client serve :80
serve server serve :80

record A-pod client eth0
traffic server connect 10.244.0.7:80
for i in 1 2 3; do
	traffic client connect 10.96.0.80:80 -count 3 -every 300ms
	traffic client connect 10.244.0.8:80
done
