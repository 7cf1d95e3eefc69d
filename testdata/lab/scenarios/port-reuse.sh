# Connections from a port that was used seconds ago, whose first SYN is lost on
# the node; those from new ports are answered at once. So IPVS does with
# conn_reuse_mode=1 before Linux 5.9. The kernel of today does not, so a rule
# stands in that drops a SYN from the port just used, once.
cluster
services A
client_and_server
rule A nat services ip daddr 10.96.0.80 tcp dport 80 dnat to 10.244.1.5:80
on A sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=1
serve server serve :80

record A-pod client eth0
record A-eth0 A eth0
for port in 41001 41002 41003; do
	traffic client connect 10.96.0.80:80 -from ":$port"
	traffic client connect 10.96.0.80:80
	sleep 2
	rule A filter forward tcp sport "$port" 'tcp flags & (syn | ack) == syn' drop
	(sleep 0.5 && lift A forward) &
	traffic client connect 10.96.0.80:80 -from ":$port"
	traffic client connect 10.96.0.80:80
done
