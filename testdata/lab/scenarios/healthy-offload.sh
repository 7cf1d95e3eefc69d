# As healthy, with checksums and segmentation left to the network card, which in
# a capture at the sender looks broken. The answers are larger than a segment.
cluster
services A
pod client A 10.244.0.7
pod server B 10.244.1.5
offload on
rule A nat services ip daddr 10.96.0.80 tcp dport 80 dnat to 10.244.1.5:80
rule A nat services ip daddr 10.96.0.80 udp dport 90 dnat to 10.244.1.5:90
serve server serve :80 -answer 2500
serve server echo :90

record_path
traffic client connect 10.96.0.80:80
traffic client connect 10.244.1.5:80 -request 2500
traffic A connect 10.96.0.80:80
traffic client ask 10.96.0.80:90 -count 2
on client ping -q -c 2 -i 0.2 10.244.1.5
