# A network policy lets a new pod talk only 2.5 s after its first packet: until
# then it reaches nothing, whatever it asks. Another pod of the node is fine.
cluster
services A
pod old A 10.244.0.6
pod client A 10.244.0.7
pod server B 10.244.1.5
pod other B 10.244.1.6
offload off
serve server serve :80
serve other serve :80
serve other echo :54
rule A filter forward ip saddr 10.244.0.7 drop

record A-cni0 A cni0
record A-eth0 A eth0
traffic old connect 10.244.1.5:80
sleep 1.5
(sleep 2.5 && lift A forward) &
traffic client connect 10.244.1.6:80 &
connecting=$!
traffic client ask 10.244.1.6:54 -count 4 -timeout 1s &
asking=$!
traffic client connect 10.244.1.5:80 -count 2
wait $connecting $asking
