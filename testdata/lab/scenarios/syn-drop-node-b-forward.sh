# SYNs are dropped for 5 s on node B, behind the tunnel: a policy there.
cluster
services A
services B
client_and_server
serve server serve :80

record_path
traffic client connect 10.244.1.5:80
rule B filter forward tcp dport 80 drop
(sleep 5 && lift B forward) &
traffic client connect 10.244.1.5:80
