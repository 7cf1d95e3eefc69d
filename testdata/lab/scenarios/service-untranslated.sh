# A node without the rules of kube-proxy: what its pods send to service
# addresses leaves for the gateway, untranslated. The cluster's DNS at 10.96.0.10
# is where that begins. Traffic between pods is fine.
cluster
client_and_server
on A ip route replace default via 10.0.0.2
on B ip route add blackhole 10.96.0.0/16
serve server serve :80

record A-pod client eth0
record A-eth0 A eth0
traffic client connect 10.244.1.5:80
lookup client ahostsv4 web.default.svc.cluster.local || true # it is to fail
traffic client connect 10.96.0.80:80 -count 2 -timeout 3500ms
