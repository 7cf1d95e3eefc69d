# Two pods have the address 10.244.0.8; both answer for it.
cluster
pod client A 10.244.0.7
pod first A 10.244.0.8
pod second A 10.244.0.8 02:00:0a:f4:00:99
serve first serve :80
serve second serve :80

record A-cni0 A cni0
record A-pod client eth0
for i in 1 2 3; do
	on client ip neigh flush dev eth0
	traffic client connect 10.244.0.8:80 -timeout 2s
	sleep 0.5
done
