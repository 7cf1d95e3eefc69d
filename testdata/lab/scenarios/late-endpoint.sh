# A pod takes connections before its server is up: refused for 3 s, then fine.
cluster
services A
client_and_server
rule A nat services ip daddr 10.96.0.80 tcp dport 80 dnat to 10.244.1.5:80

record A-pod client eth0
record A-eth0 A eth0
(sleep 3 && serve server serve :80) &
traffic client connect 10.96.0.80:80 -count 10 -every 500ms
