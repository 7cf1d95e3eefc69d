# Pods of two nodes talk, directly and through a service, over TCP, UDP and
# ICMP; every checksum is complete when it leaves a node.
cluster
services A
pod client A 10.244.0.7
pod server B 10.244.1.5
offload off
rule A nat services ip daddr 10.96.0.80 tcp dport 80 dnat to 10.244.1.5:80
rule A nat services ip daddr 10.96.0.80 udp dport 90 dnat to 10.244.1.5:90
serve server serve :80
serve server echo :90

record A-pod client eth0
record A-flannel1 A flannel.1
record A-eth0 A eth0
record B-eth0 B eth0
record B-flannel1 B flannel.1
traffic client connect 10.96.0.80:80 
traffic client connect 10.244.1.5:80
traffic A connect 10.96.0.80:80
traffic client ask 10.96.0.80:90 -count 2
on client ping -q -c 2 -i 0.2 10.244.1.5
