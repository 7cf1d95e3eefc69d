# The wire carries no packet larger than 1400 bytes and nobody says so: the
# handshake and short requests pass, a full segment in its tunnel does not.
cluster
client_and_server
wire ip length '>' 1400 drop
serve server serve :80

record A-pod client eth0
record A-eth0 A eth0
record B-eth0 B eth0
traffic client connect 10.244.1.5:80 -count 4 -every 1500ms &
small=$!
sleep 0.5
traffic client connect 10.244.1.5:80 -request 2000 -timeout 7s
wait $small
