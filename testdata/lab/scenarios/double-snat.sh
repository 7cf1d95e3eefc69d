# The 63-second fault, shortened: a node reaches a service, the masquerade rule
# of kube-proxy before 1.19 meets the tunnel packet again, and its outer
# checksum stays that of the old port. An unanswered UDP entry lives 3 s here
# instead of 30, so the SYN after the 4 s gap passes, 7 s after the first; with
# 30 s that is the SYN after 63 s.
cluster
services A
pod server B 10.244.1.5
offload off
on A nft flush chain ip nat postrouting
rule A nat postrouting 'meta mark & 0x4000 != 0 masquerade fully-random'
rule A nat services ip daddr 10.96.0.80 tcp dport 80 meta mark set 0x4000 dnat to 10.244.1.5:80
on A sysctl -qw net.netfilter.nf_conntrack_udp_timeout=3 net.core.txrehash=0
serve server serve :80

record A-flannel1 A flannel.1
record A-eth0 A eth0
record B-eth0 B eth0
traffic A connect 10.96.0.80:80
