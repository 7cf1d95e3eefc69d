# As double-snat with the rules since Kubernetes 1.19, which take the mark off
# before the tunnel packet meets them: nothing is wrong.
cluster
services A
pod server B 10.244.1.5
offload off
rule A nat services ip daddr 10.96.0.80 tcp dport 80 meta mark set 0x4000 dnat to 10.244.1.5:80
on A sysctl -qw net.netfilter.nf_conntrack_udp_timeout=3 net.core.txrehash=0
serve server serve :80

record A-flannel1 A flannel.1
record A-eth0 A eth0
record B-eth0 B eth0
traffic A connect 10.96.0.80:80
