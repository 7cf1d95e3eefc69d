# A segment of the backend lies beyond the client's window: connection tracking
# calls it invalid and leaves the backend's address in it; the client does not
# know that connection and resets it, and with it the real one.
cluster
services A
client_and_server
rule A nat services ip daddr 10.96.0.80 tcp dport 80 dnat to 10.244.1.5:80
serve server beyond-window :80

record A-pod client eth0
record A-eth0 A eth0
traffic client connect 10.96.0.80:80 -timeout 3s
