# SYNs are dropped for 5 s at the tunnel's end on node B: a host firewall on UDP 8472.
cluster
services A
services B
client_and_server
serve server serve :80

record_path
traffic client connect 10.244.1.5:80
rule B filter input udp dport 8472 drop
(sleep 5 && lift B input) &
traffic client connect 10.244.1.5:80
