# The node's default gateway does not answer ARP; its own segment is fine.
cluster
serve B serve :80

record A-eth0 A eth0
traffic A connect 10.0.0.2:80
traffic A connect 198.51.100.9:443 -timeout 5s
traffic A connect 198.51.100.10:443 -timeout 5s
