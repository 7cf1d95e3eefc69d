# Two pods open four connections at once, and the SNAT rule has two ports: what
# finds none is dropped on the node. Its SYN leaves when a port is free again.
# The server keeps no TIME_WAIT, so that it takes any new connection.
cluster
services A
pod one A 10.244.0.7
pod two A 10.244.0.8
offload off
on A nft flush chain ip nat postrouting
rule A nat postrouting ip saddr 10.244.0.0/24 ip daddr 10.0.0.2 tcp dport 80 snat to 10.0.0.1:40000-40001
on A sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=1
on B sysctl -qw net.ipv4.tcp_max_tw_buckets=0
serve B serve :80 -hold 300ms

record A-cni0 A cni0
record A-eth0 A eth0
for i in 1 2; do
	traffic one connect 10.0.0.2:80 &
	pids[i]=$!
	traffic two connect 10.0.0.2:80 &
	pids[i + 2]=$!
done
wait "${pids[@]}"
