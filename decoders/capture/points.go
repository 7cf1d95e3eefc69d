package capture

import (
	"encoding/binary"
	"fmt"
	"strconv"
)

// sharedPointName is the name of the last point where there would be more
// than MaxPoints.
const sharedPointName = "(other interfaces)"

// noPoint is the point of an interface that has none yet.
const noPoint = -1

// An iface is what a file says of one interface: the file header of classic
// pcap, or an interface description block.
type iface struct {
	id      int // number in the section
	name    string
	link    LinkType
	snaplen uint32 // 0 means no limit
	filter  string
	ticks   clock // pcapng only
	point   int   // index of its point, or noPoint

	// Packets lost, as counted into the point so far.
	lost      uint64
	lostTotal bool // lost is a total of interface statistics; per-packet counts are parts of it
}

func newIface(name string, link LinkType, snaplen uint32) iface {
	return iface{name: name, link: link, snaplen: snaplen, ticks: microseconds, point: noPoint}
}

// A pointTable assigns frames to the points of a capture.
//
// Each interface of a file is a point. Those of a later pcapng section are
// points of their own, also under the same name: sections come from files put
// together with cat, and "eth0" of two nodes must not become one place where
// every packet is seen twice. (A capture rotated and put together again so is
// better given as several files.)
//
// LINKTYPE_LINUX_SLL2 names the interface in each frame: there, each interface
// index is a point, made as its first frame comes.
type pointTable struct {
	cooked  map[cookedKey]int // points of SLL2 indexes
	last    cookedKey         // the key looked up last, which the next frame likely has too
	lastAt  int               // its point; valid iff last is set
	hasLast bool
}

// A cookedKey is an interface index within one interface of the section.
type cookedKey struct {
	iface int
	index uint32
}

// The cooked headers, https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html
// and LINKTYPE_LINUX_SLL2.html; all big endian.
//
//	SLL   0 packet type (2)   2 ARPHRD type   4 address length   6 address   14 protocol
//	SLL2  0 protocol   2 reserved   4 interface index (4)   8 ARPHRD type   10 packet type (1)   11 address length   12 address
const (
	sllPacketType  = 0
	sll2Index      = 4
	sll2PacketType = 10
)

// The packet types of both, which are the kernel's PACKET_ constants: 0 to 2
// are to this host, broadcast and multicast; 3 is to another host, seen in
// promiscuous mode, and neither inbound nor outbound.
const (
	packetMulticast = 2
	packetOutgoing  = 4
)

// newSection forgets the interfaces of the section that ends.
func (t *pointTable) newSection() {
	clear(t.cooked)
	t.hasLast = false
}

// describe makes the point of an interface that has just been described, so
// that it is listed before, and without, a frame of its own. An SLL2 interface
// has none: its frames name others.
func (t *pointTable) describe(ifc *iface, info *Info) {
	if ifc.link != LinkSLL2 {
		ifc.point = t.add(info, ifc, ifc.name)
	}
}

// pointOf returns the point of ifc itself, making it if need be.
func (t *pointTable) pointOf(ifc *iface, info *Info) *Point {
	if ifc.point == noPoint {
		ifc.point = t.add(info, ifc, ifc.name)
	}
	return &info.Points[ifc.point]
}

// add appends a point to info and returns its index; from MaxPoints on, that
// of the shared last point.
func (t *pointTable) add(info *Info, ifc *iface, name string) int {
	if len(info.Points) == MaxPoints {
		return MaxPoints - 1
	}
	if len(info.Points) == MaxPoints-1 {
		name = sharedPointName
	}
	info.Points = append(info.Points, Point{
		Name: name, Link: ifc.link, Snaplen: int(ifc.snaplen), Filter: ifc.filter,
	})
	return len(info.Points) - 1
}

// assign sets the point of f, which came in by ifc, and its direction where
// the file does not say it but the cooked header does.
func (t *pointTable) assign(f *Frame, ifc *iface, w *walk) {
	f.Point = ifc.point
	switch f.Link {
	case LinkSLL:
		if len(f.Data) >= sllPacketType+2 {
			f.setDirection(binary.BigEndian.Uint16(f.Data[sllPacketType:]))
		}
	case LinkSLL2:
		if len(f.Data) > sll2PacketType {
			f.setDirection(uint16(f.Data[sll2PacketType]))
		}
		f.Point = t.cookedPoint(f.Data, ifc, &w.info)
	}
	p := &w.info.Points[f.Point]
	p.Frames++
	if f.Point == MaxPoints-1 {
		if q := w.problem(ProblemPoints); q.Count == 1 {
			q.Detail = fmt.Sprintf("more than %d capture points; the others share %q", MaxPoints-1, sharedPointName)
		}
	}
}

// setDirection gives f the direction of a cooked packet type, unless the file
// has given one.
func (f *Frame) setDirection(packetType uint16) {
	switch {
	case f.Direction != DirectionUnknown:
	case packetType <= packetMulticast:
		f.Direction = Inbound
	case packetType == packetOutgoing:
		f.Direction = Outbound
	}
}

// cookedPoint returns the point of an SLL2 frame; that of ifc itself where the
// frame is cut before the interface index.
func (t *pointTable) cookedPoint(data []byte, ifc *iface, info *Info) int {
	if len(data) < sll2Index+4 {
		t.pointOf(ifc, info)
		return ifc.point
	}
	key := cookedKey{ifc.id, binary.BigEndian.Uint32(data[sll2Index:])}
	if t.hasLast && key == t.last {
		return t.lastAt
	}
	at, ok := t.cooked[key]
	if !ok {
		name := "if" + strconv.FormatUint(uint64(key.index), 10)
		if ifc.name != "" {
			name = ifc.name + "/" + name
		}
		at = t.add(info, ifc, name)
		if at < MaxPoints-1 { // the shared one is not looked up
			if t.cooked == nil {
				t.cooked = make(map[cookedKey]int)
			}
			t.cooked[key] = at
		}
	}
	t.last, t.lastAt, t.hasLast = key, at, true
	return at
}

// setLost sets what statistics say ifc lost in all. A later total replaces
// the one before, and what was counted packet by packet.
func (t *pointTable) setLost(ifc *iface, total uint64, info *Info) {
	p := t.pointOf(ifc, info)
	p.Drops += total - ifc.lost
	p.HasDrops = true
	ifc.lost, ifc.lostTotal = total, true
}

// addLost counts n packets lost before one frame of ifc.
func (t *pointTable) addLost(ifc *iface, n uint64, info *Info) {
	p := t.pointOf(ifc, info)
	p.HasDrops = true
	if !ifc.lostTotal {
		ifc.lost += n
		p.Drops += n
	}
}
