package decoders

// An Opaque says what keeps the rest of a packet from being read: it is
// encrypted. That is no problem of the capture.
type Opaque uint8

// What hides the rest of a packet; the zero value means that nothing does.
const (
	OpaqueNone      Opaque = iota
	OpaqueESP              // IPsec, RFC 4303
	OpaqueESPInUDP         // IPsec through NAT, RFC 3948
	OpaqueWireGuard        // https://www.wireguard.com/protocol/
	OpaqueWLAN             // protected IEEE 802.11 frame
	NumOpaques             // their number
)

var opaqueNames = [NumOpaques]string{"none", "esp", "esp-in-udp", "wireguard", "wlan"}

// String returns the word used in reports.
func (o Opaque) String() string { return opaqueNames[o] }

// opaqueLabels name them in a line of evidence.
var opaqueLabels = [NumOpaques]string{"", "ESP", "ESP in UDP", "WireGuard", "protected 802.11 frame"}

// UDP ports of WireGuard: its own example's, the ones of Calico for IPv4 and
// IPv6 (FelixConfiguration wireguardListeningPort) and the one of Cilium
// (pkg/wireguard/types).
var wireGuardPorts = [...]uint16{51820, 51821, 51871}

const (
	espPort = 4500 // RFC 3948 section 2: IKE and ESP through NAT

	// WireGuard: type in the first byte, three zero bytes. The handshake
	// messages have one length each; data is a header, a multiple of 16 bytes
	// and a tag.
	wgInitiation    = 1
	wgResponse      = 2
	wgCookie        = 3
	wgData          = 4
	wgInitiationLen = 148
	wgResponseLen   = 92
	wgCookieLen     = 64
	wgDataMinLen    = 32
)

// hiddenInUDP says what hides the payload of the UDP level being filled.
func (w *walk) hiddenInUDP() Opaque {
	lv := w.lv
	switch {
	case lv.DstPort == espPort || lv.SrcPort == espPort:
		// A keepalive is one byte; IKE begins with four zero bytes where ESP
		// has its SPI (RFC 3948 sections 2.2 and 2.3).
		if len(lv.Payload) > 8 && [4]byte(lv.Payload) != [4]byte{} {
			return OpaqueESPInUDP
		}
	case lv.isWireGuard():
		return OpaqueWireGuard
	}
	return OpaqueNone
}

// isWireGuard reports whether a UDP payload is a WireGuard message. Data has
// too little shape to be told on any port but the usual ones.
func (lv *Level) isWireGuard() bool {
	b := lv.Payload
	if len(b) < 4 || b[0] < wgInitiation || b[0] > wgData || b[1]|b[2]|b[3] != 0 {
		return false
	}
	switch b[0] {
	case wgInitiation:
		return lv.PayloadLen == wgInitiationLen
	case wgResponse:
		return lv.PayloadLen == wgResponseLen
	case wgCookie:
		return lv.PayloadLen == wgCookieLen
	}
	for _, port := range wireGuardPorts {
		if lv.SrcPort == port || lv.DstPort == port {
			return lv.PayloadLen >= wgDataMinLen && lv.PayloadLen%16 == 0
		}
	}
	return false
}
