# SYNs are dropped for 5 s on node A, before the tunnel: a policy there.
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
rule A filter forward tcp dport 80 drop
(sleep 5 && lift A forward) &
traffic client connect 10.244.1.5:80
