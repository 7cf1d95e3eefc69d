// Package anonymize makes copies of captures that can be given away: no
// address, no MAC, no payload and no name of the original is in them, and what
// an analysis looks at is as it was.
//
// Addresses are replaced so that two that share a prefix share one of the same
// length afterwards (Crypto-PAn: Xu, Fan, Ammar, Moon, "Prefix-Preserving IP
// Address Anonymization", ICNP 2002). Which of them stay recognisable, and
// why, is in docs/adr/0014-what-anonymised-captures-keep.md.
//
// Headers are kept by permission: what package decoders reads as a header
// stays, the parts it marks as telling are replaced, and all else is payload.
// Every checksum is then moved by as much as the bytes below it, so that what
// was wrong is wrong by the same difference.
package anonymize
