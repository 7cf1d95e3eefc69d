# IPVS with conn_reuse_mode=0: a port used again goes to the backend of its old
# connection, which is gone and has weight 0; new ports reach the other one.
# Where the kernel has no IPVS, ipvs-stale-backend.A-*.txt stand in.
cluster
command -v ipvsadm >/dev/null || unsupported "ipvsadm is missing"
on A ipvsadm -L >/dev/null || unsupported "the kernel has no IPVS"
services A
pod client A 10.244.0.7
pod old B 10.244.1.5
pod new B 10.244.1.6
offload off
serve old serve :80
serve new serve :80
on A ip addr add 10.96.0.80/32 dev lo
on A sysctl -qw net.ipv4.vs.conntrack=1 net.ipv4.vs.conn_reuse_mode=0 net.ipv4.vs.expire_nodest_conn=0
on A ipvsadm -A -t 10.96.0.80:80 -s rr
on A ipvsadm -a -t 10.96.0.80:80 -r 10.244.1.5:80 -m

record A-pod client eth0
record A-eth0 A eth0
traffic client connect 10.96.0.80:80 -from :41001
traffic client connect 10.96.0.80:80 -from :41002
on A ipvsadm -a -t 10.96.0.80:80 -r 10.244.1.6:80 -m
on A ipvsadm -e -t 10.96.0.80:80 -r 10.244.1.5:80 -m -w 0
on old ip addr flush dev eth0
on old ip addr add 10.244.1.99/24 dev eth0
sleep 5
traffic client connect 10.96.0.80:80 -from :41001 -timeout 8s
traffic client connect 10.96.0.80:80 -count 5
