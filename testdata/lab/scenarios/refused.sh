# Nothing listens on the pod's port: each SYN is answered by RST.
cluster
client_and_server

record A-pod client eth0
record A-eth0 A eth0
traffic client connect 10.244.1.5:80 -count 4 -every 500ms
