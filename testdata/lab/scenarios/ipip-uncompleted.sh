# Pods of two nodes over IPIP, and nobody completes the inner checksum: a veth
# pair does not, as a network card that cannot. Where the kernel has no IPIP
# device, ipip-uncompleted.B.txt stands in.
cluster
on A ip link add tunl0 type ipip local 10.0.0.1 remote 10.0.0.2 || unsupported "the kernel has no IPIP device"
on B ip link add tunl0 type ipip local 10.0.0.2 remote 10.0.0.1
for node in A B; do
	on $node ip link set tunl0 mtu 1480 up
done
on A ip route replace 10.244.1.0/24 dev tunl0
on B ip route replace 10.244.0.0/24 dev tunl0
pod client A 10.244.0.7
pod server B 10.244.1.5
serve server serve :80

record B B any proto 4
traffic client connect 10.244.1.5:80 -timeout 4s
