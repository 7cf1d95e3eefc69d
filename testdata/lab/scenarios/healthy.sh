# Pods of two nodes talk, directly and through a service, over TCP, UDP and
# ICMP; every checksum is complete when it leaves a node.
cluster
services A
client_and_server
rule A nat services ip daddr 10.96.0.80 tcp dport 80 dnat to 10.244.1.5:80
rule A nat services ip daddr 10.96.0.80 udp dport 90 dnat to 10.244.1.5:90
serve server serve :80
serve server echo :90

record_path
traffic client connect 10.96.0.80:80
traffic client connect 10.244.1.5:80
traffic A connect 10.96.0.80:80
traffic client ask 10.96.0.80:90 -count 2
on client ping -q -c 2 -i 0.2 10.244.1.5
