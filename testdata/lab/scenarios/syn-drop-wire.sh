# SYNs are dropped for 5 s between the nodes: a fabric or a security group.
cluster
services A
services B
client_and_server
serve server serve :80

record_path
traffic client connect 10.244.1.5:80
wire udp dport 8472 drop
(sleep 5 && lift_wire) &
traffic client connect 10.244.1.5:80
