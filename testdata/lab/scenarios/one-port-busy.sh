# A healthy client that uses one port again and again: each connection is
# answered at once, since the timestamps of one host only grow.
cluster
client_and_server
serve server serve :80

record A-pod client eth0
record A-eth0 A eth0
traffic client connect 10.244.1.5:80 -from :41000 -count 4 -every 1100ms
