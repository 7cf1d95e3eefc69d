# SYNs are dropped for 5 s at the tunnel's end on node B: a host firewall on UDP 8472.
cluster
services A
services B
pod client A 10.244.0.7
pod server B 10.244.1.5
offload off
serve server serve :80

record A-pod client eth0
record A-flannel1 A flannel.1
record A-eth0 A eth0
record B-eth0 B eth0
record B-flannel1 B flannel.1
record B-pod server eth0
traffic client connect 10.244.1.5:80
rule B filter input udp dport 8472 drop
(sleep 5 && lift B input) &
traffic client connect 10.244.1.5:80
