package finding

// A DNSRetryKind says why DNS queries had to be sent again.
type DNSRetryKind string

// The kinds.
const (
	DNSTwinRace DNSRetryKind = "twin-race"    // of A and AAAA sent together one was lost
	DNSNoAAAA   DNSRetryKind = "aaaa-missing" // A answered, AAAA of the same name never
	DNSLate     DNSRetryKind = "late"         // answered after the client asked again
	DNSSomeLost DNSRetryKind = "some-lost"    // the server answers others in the same time
	DNSSilent   DNSRetryKind = "silent"       // the server answers nobody in that time
)

// DNSRetryFacts are the numbers of dns-retry: all lookups of one kind at one
// server.
type DNSRetryFacts struct {
	Kind            DNSRetryKind `json:"kind"`
	Server          string       `json:"server"`
	Clients         int          `json:"clients"` // 1024 are counted at most
	Lookups         int          `json:"lookups"` // lookups with a query that was sent again
	Failed          int          `json:"failed"`  // of these, with a query that was never answered
	Lost            int          `json:"lost"`    // packets of queries without an answer
	LostA           int          `json:"lostA"`   // of these, other than AAAA
	LostAAAA        int          `json:"lostAAAA"`
	ShortestWait    float64      `json:"shortestWait"` // seconds from a lost query to the next send
	LongestWait     float64      `json:"longestWait"`
	SameSocket      bool         `json:"sameSocket"` // each was sent again from its own port with its own ID
	Window          Window       `json:"window"`
	Answers         int          `json:"answers"`         // answers of the server in the whole capture
	AnswersAAAA     int          `json:"answersAAAA"`     // of these, to AAAA queries
	TwinsAnswered   int          `json:"twinsAnswered"`   // pairs of A and AAAA answered at once
	SinglesAnswered int          `json:"singlesAnswered"` // queries without a twin answered at once
	OthersLost      int          `json:"othersLost"`      // queries lost at this server that belong to other kinds
	Rejected        int          `json:"rejected"`        // queries to this server that an ICMP error quotes
	RejectedBy      string       `json:"rejectedBy,omitempty"`
}

func (*DNSRetryFacts) facts() {}

// DNSSearchFacts are the numbers of dns-search-amplification at one capture
// point.
type DNSSearchFacts struct {
	Lookups  int    `json:"lookups"` // lookups that took two suffixes or more
	Clients  int    `json:"clients"`
	Denied   int    `json:"denied"`   // queries of these lookups for names that do not exist
	Suffixes int    `json:"suffixes"` // most of one lookup
	Name     string `json:"name"`     // of that lookup, as text
}

func (*DNSSearchFacts) facts() {}

// Variant tells findings about one server apart.
func (f *DNSRetryFacts) Variant() string { return string(f.Kind) }
