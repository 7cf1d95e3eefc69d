package decoders

import (
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
	"github.com/pcapdiag/pcapdiag/decoders/transcript"
)

// believe gives the verdicts on the checksums of a packet that was read from a
// transcript, by what it says of them: the bytes they cover are not there. What
// was not printed is not verifiable.
//
// Field and right value give the sum of the bytes, and with that all verdicts
// come out as they do from a capture, the outer one with the inner completed.
func (d *Decoder) believe(p *Packet, printed []transcript.Sum) {
	var inner segment // of the level inside; equal sums where nothing is to be completed
	for i := p.n - 1; i >= 0; i-- {
		lv, sp := &p.levels[i], &d.spans[i]
		var said transcript.Sum
		if i < len(printed) {
			said = printed[i]
		}
		if !said.IP && lv.IPSum.Verdict != checksum.None {
			lv.IPSum = Sum{Verdict: checksum.Unverifiable}
		}
		if sp.sum == sumNone {
			continue // the packet inside shows through
		}
		captured, ok := lv.printedSum(sp, said)
		if !ok {
			inner = segment{}
			continue
		}
		seg := segment{captured, captured}
		if i+1 < p.n {
			completion := inner.completed.Minus(inner.captured)
			seg.completed = captured.Append(completion, d.spans[i+1].transport-sp.transport)
		}
		inner = d.verdict(lv, sp, seg)
	}
}

// printedSum returns the sum of the segment of lv by what was said of its
// checksum. It reports false where there is nothing to sum, with the verdict
// given.
func (lv *Level) printedSum(sp *span, said transcript.Sum) (checksum.Unfolded, bool) {
	switch said.L4 {
	case transcript.Wrong:
		return checksum.Of(uint64(said.Field)).Minus(checksum.Of(uint64(said.Right))).Minus(lv.pseudo(sp)), true
	case transcript.Correct:
		lv.L4Sum.Verdict = checksum.Good
	case transcript.None:
		lv.L4Sum.Verdict = checksum.Absent
	default:
		lv.L4Sum.Verdict = checksum.Unverifiable
	}
	return 0, false
}
