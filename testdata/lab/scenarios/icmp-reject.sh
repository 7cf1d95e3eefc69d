# A service without endpoints: kube-proxy rejects with "port unreachable". An
# endpoint comes after 3 s.
cluster
services A
client_and_server
serve server serve :80
on A sysctl -qw net.ipv4.icmp_ratelimit=0
rule A filter forward ip daddr 10.96.0.80 tcp dport 80 reject with icmp port-unreachable

record A-pod client eth0
record A-eth0 A eth0
(sleep 3 && rule A nat services ip daddr 10.96.0.80 tcp dport 80 dnat to 10.244.1.5:80 && lift A forward) &
traffic client connect 10.96.0.80:80 -count 8 -every 700ms -timeout 2s
