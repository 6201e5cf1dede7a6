package jsapi

import "strings"

// Delivery is what a JetStream message says of itself in its reply subject.
type Delivery struct {
	Stream   uint64 // sequence in the stream
	Consumer uint64 // sequence among what the consumer got
	Nano     int64  // when it was stored
	Pending  uint64 // how many follow
}

// ParseDelivery reads $JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>, and the newer
// form that has <domain>.<account> before the stream and may end in another token. It allocates nothing: it runs for
// every message of a backlog.
func ParseDelivery(reply string) (d Delivery, ok bool) {
	const prefix = "$JS.ACK."
	if !strings.HasPrefix(reply, prefix) {
		return d, false
	}
	rest := reply[len(prefix):]
	skip := 3 // tokens before the stream sequence
	switch dots := strings.Count(rest, "."); {
	case dots == 6:
	case dots >= 8:
		skip = 5
	default:
		return d, false
	}
	for range skip {
		_, rest, _ = strings.Cut(rest, ".")
	}
	var nano uint64
	for _, field := range []*uint64{&d.Stream, &d.Consumer, &nano, &d.Pending} {
		var token string
		token, rest, _ = strings.Cut(rest, ".")
		if *field, ok = decimal(token); !ok {
			return Delivery{}, false
		}
	}
	d.Nano = int64(nano)
	return d, true
}

// decimal reads digits that make at most an int64.
func decimal(s string) (n uint64, ok bool) {
	if len(s) == 0 || len(s) > 18 && (len(s) > 19 || s > "9223372036854775807") {
		return 0, false
	}
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + uint64(c)
	}
	return n, true
}
