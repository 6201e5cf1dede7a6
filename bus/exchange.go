package bus

// Headers that a bus adds to the requests and replies of a station whose Traits say that it has Exchanges. They are nothing that
// was sent, and nobody sends them on: see Headers.Sent.
const (
	ExchangeHeader = "Signalbox-Exchange" // of a request and of its replies: where those are awaited
	TookHeader     = "Signalbox-Took"     // of a reply: how long after its request it came, as "4.1ms"
	FailureHeader  = "Signalbox-Failure"  // of a reply by which a service says that it failed: its code and reason
)

// added tells whether a header was added by a bus.
func (h *Header) added() bool {
	return h.Name == ExchangeHeader || h.Name == TookHeader || h.Name == FailureHeader
}

// Sent are the headers that were sent, without those that a bus has added.
func (h Headers) Sent() Headers {
	var sent Headers
	for i := range h {
		if !h[i].added() {
			sent = append(sent, h[i])
		}
	}
	return sent
}
