package bundle

// The limits of one archive, archives inside it included. Reaching one is in
// Bundle.Skipped.
const (
	// MaxDepth is how deep archives may be nested: a bundle of one bundle from
	// each node has two.
	MaxDepth = 2

	// MaxSkipped is how many of the things left out are listed.
	MaxSkipped = 64

	// maxDirectory is in bytes, of the directory of a zip archive, which is kept
	// in memory as a whole: enough for DefaultMaxMembers with names of 400 bytes.
	maxDirectory = 32 << 20

	// MaxNameLen is the greatest length of a name, in bytes.
	MaxNameLen = 512

	// DefaultMaxMembers is above what Retina copies of /proc/sys/net on a node
	// of 110 pods: about 150 files for each interface.
	DefaultMaxMembers = 1 << 16

	// DefaultMaxTotal is in bytes: disk space is all it costs, since nothing
	// is kept in memory beyond DefaultMaxMemory.
	DefaultMaxTotal = 32 << 30

	// DefaultMaxRatio is of bytes unpacked to bytes of the archive. Captures
	// compress 3 to 100 times; deflate can reach 1032, and a zip archive whose
	// members share their data any number.
	DefaultMaxRatio = 250

	// DefaultMaxMemory is in bytes.
	DefaultMaxMemory = 64 << 20

	// ratioFloor is the number of unpacked bytes up to which any ratio is
	// allowed: a flood of equal packets compresses better than DefaultMaxRatio.
	ratioFloor = 1 << 30
)

// withDefaults returns o with zero fields replaced.
func (o Options) withDefaults() Options {
	if o.MaxMembers <= 0 {
		o.MaxMembers = DefaultMaxMembers
	}
	if o.MaxTotal <= 0 {
		o.MaxTotal = DefaultMaxTotal
	}
	if o.MaxRatio <= 0 {
		o.MaxRatio = DefaultMaxRatio
	}
	if o.MaxMemory <= 0 {
		o.MaxMemory = DefaultMaxMemory
	}
	if o.Interrupted == nil {
		o.Interrupted = func() error { return nil }
	}
	if o.Spool == nil {
		o.MaxTotal = min(o.MaxTotal, o.MaxMemory)
	}
	return o
}
