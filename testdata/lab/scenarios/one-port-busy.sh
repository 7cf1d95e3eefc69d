# A healthy client that uses one port again and again: each connection is
# answered at once, since the timestamps of one host only grow.
cluster
pod client A 10.244.0.7
pod server B 10.244.1.5
offload off
serve server serve :80

record A-pod client eth0
record A-eth0 A eth0
traffic client connect 10.244.1.5:80 -from :41000 -count 4 -every 1100ms
