# Node B has no tunnel device: it answers tunnel packets with ICMP "port
# unreachable".
cluster
client_and_server
serve server serve :80
on B ip link del flannel.1
on B sysctl -qw net.ipv4.icmp_ratelimit=0

record A-eth0 A eth0
traffic client connect 10.244.1.5:80 -timeout 4s
