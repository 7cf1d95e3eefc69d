# A UDP service whose backend went away: the entry of conntrack keeps sending
# one source port to it, while new ports reach the new backend.
cluster
services A
pod client A 10.244.0.7
pod old B 10.244.1.5
pod new B 10.244.1.6
offload off
rule A nat services ip daddr 10.96.0.90 udp dport 90 dnat to 10.244.1.5:90
serve old echo :90
serve new echo :90

record A-pod client eth0
record A-eth0 A eth0
traffic client ask 10.96.0.90:90 -from :45000 -count 36 -every 300ms -timeout 900ms &
asking=$!
sleep 1.5
on A nft flush chain ip nat services
rule A nat services ip daddr 10.96.0.90 udp dport 90 dnat to 10.244.1.6:90
on old ip link set eth0 down
for port in 45001 45002 45003 45004; do
	traffic client ask 10.96.0.90:90 -from ":$port" -count 1
	sleep 5
done
wait $asking
