# As hairpin-off, with hairpin mode on: nothing is wrong.
cluster
services A
pod client A 10.244.0.7
pod server A 10.244.0.8
bridge_netfilter A
on A bridge link set dev client hairpin on
rule A nat services ip daddr 10.96.0.80 tcp dport 80 numgen inc mod 3 0 meta mark set 0x4000 dnat to 10.244.0.7:80
rule A nat services ip daddr 10.96.0.80 tcp dport 80 dnat to 10.244.0.8:80
serve client serve :80
serve server serve :80

record A-pod client eth0
traffic server connect 10.244.0.7:80
traffic client connect 10.96.0.80:80 -count 4 -every 300ms
