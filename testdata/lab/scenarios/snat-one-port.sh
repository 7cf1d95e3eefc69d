# Two pods take turns behind one translated port: the range of the SNAT rule is
# a single one, and the entry of conntrack is forgotten after 1 s, while the
# server's TIME_WAIT lasts 60 s. Their timestamps have random offsets, so that
# about every other connection goes back in time for the server.
cluster
services A
pod one A 10.244.0.7
pod two A 10.244.0.8
offload off
on A nft flush chain ip nat postrouting
rule A nat postrouting ip saddr 10.244.0.0/24 ip daddr 10.0.0.2 tcp dport 80 snat to 10.0.0.1:40000-40000
on A sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=1 net.netfilter.nf_conntrack_tcp_timeout_close=1
serve B serve :80

record A-cni0 A cni0
record A-eth0 A eth0
for i in 1 2 3 4 5; do
	for pod in one two; do
		traffic "$pod" connect 10.0.0.2:80 -timeout 8s
		sleep 1.5
	done
done
