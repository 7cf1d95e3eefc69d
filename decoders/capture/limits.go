package capture

// What a reader holds in memory does not depend on the capture: one buffer,
// and tables and texts below these limits. Reaching one is a problem that
// Info names.
const (
	// MaxFrameLen is the greatest captured length of a frame, in bytes:
	// MAXIMUM_SNAPLEN of libpcap, above which tcpdump refuses a snaplen. A
	// BIG TCP frame can be longer on the wire (Frame.Len), not in the file.
	MaxFrameLen = 262144

	// MaxBlockLen is the greatest length of a pcapng block, in bytes:
	// MAX_BLOCK_SIZE of Wireshark's wiretap/pcapng.c. Blocks of this length
	// can only be skipped; those that are read must fit into the buffer.
	MaxBlockLen = 16 << 20

	// MaxPoints is the greatest number of capture points of one capture and
	// of interfaces of one pcapng section. A Kubernetes node has one
	// interface for each pod, 110 by default.
	MaxPoints = 1024

	// MaxComments is the greatest number of comments kept.
	MaxComments = 64

	// MaxTextLen is the greatest length of a comment, a filter or an
	// interface name, in bytes.
	MaxTextLen = 1024

	// MaxLayers is how many compressions may be nested: a compressed capture
	// packed again for mailing has two.
	MaxLayers = 2

	// MaxWindow is the greatest history a decompressor may ask for, in
	// bytes. "zstd -d" stops at the same; "xz -9" needs half of it.
	MaxWindow = 128 << 20
)

// The limits of decompression that Options may change.
const (
	// DefaultMaxDecompressed is in bytes. Memory does not grow with it; it
	// bounds the time spent on a decompression bomb.
	DefaultMaxDecompressed = 64 << 30

	// DefaultMaxRatio is of bytes after to bytes before decompression. gzip
	// cannot exceed 1032; captures compress 3 to 100 times.
	DefaultMaxRatio = 2000

	// ratioFloor is the number of decompressed bytes up to which any ratio
	// is allowed: a small file of equal frames is no bomb.
	ratioFloor = 64 << 20
)

const (
	// readLen is the length of the buffer that frames are read in, and so of
	// the reads, in bytes. Reads of 256 KiB to 1 MiB measured alike: shorter
	// ones cost system calls, longer ones fall out of the cache.
	readLen = 256 << 10

	// bufferLen is the length of the buffer from the first record on that is
	// longer than readLen, and so the greatest length of a record that is read.
	// It is at least MaxFrameLen and the headers around a frame.
	bufferLen = 1 << 20
)

// Options change the limits of Open. A zero field means the default.
type Options struct {
	MaxDecompressed int64 // bytes a compressed capture may become
	MaxRatio        int64 // decompressed to compressed bytes, looked at above 64 MiB of output

	// Interrupted is asked before each read of a decompressor, which may make
	// megabytes of the bytes of one read of the input: an error ends the reading
	// and is returned. nil never ends it. It is context.Context.Err for callers
	// that have a context.
	Interrupted func() error
}

// withDefaults returns o with zero fields replaced.
func (o Options) withDefaults() Options {
	if o.MaxDecompressed <= 0 {
		o.MaxDecompressed = DefaultMaxDecompressed
	}
	if o.MaxRatio <= 0 {
		o.MaxRatio = DefaultMaxRatio
	}
	if o.Interrupted == nil {
		o.Interrupted = func() error { return nil }
	}
	return o
}
