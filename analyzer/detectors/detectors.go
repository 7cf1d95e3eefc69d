// Package detectors lists the detectors in use.
package detectors

import (
	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/arpconflict"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/arpunanswered"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/connburst"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/deadbackend"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/dnsretry"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/dnssearch"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/hairpin"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/innersum"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/invalidrst"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/ipsum"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/outersum"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/pmtu"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/podstart"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/portreuse"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/quality"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/refused"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/rejected"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/retransburst"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/servicevip"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/snatcollision"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/synackladder"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/synladder"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/tunneloneway"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/udpreply"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors/zerowindow"
)

// All are the detectors of the product, in the order in which they see a
// packet.
var All = []*analyzer.Detector{
	outersum.Detector,
	innersum.Detector,
	ipsum.Detector,
	synladder.Detector,
	dnsretry.Detector,
	dnssearch.Detector,
	udpreply.Detector,
	arpconflict.Detector,
	arpunanswered.Detector,
	pmtu.Detector,
	synackladder.Detector,
	portreuse.Detector,
	invalidrst.Detector,
	snatcollision.Detector,
	refused.Detector,
	rejected.Detector,
	deadbackend.Detector,
	hairpin.Detector,
	podstart.Detector,
	tunneloneway.Detector,
	servicevip.Detector,
	zerowindow.Detector,
	retransburst.Detector,
	connburst.Detector,
	quality.Detector,
}
