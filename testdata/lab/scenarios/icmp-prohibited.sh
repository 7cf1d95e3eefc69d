# A firewall on the server's node rejects with "administratively prohibited".
cluster
services B
client_and_server
serve server serve :80
on B sysctl -qw net.ipv4.icmp_ratelimit=0
rule B filter forward tcp dport 80 reject with icmp admin-prohibited

record A-pod client eth0
record B-eth0 B eth0
traffic client connect 10.244.1.5:80 -count 3 -every 500ms -timeout 2s
