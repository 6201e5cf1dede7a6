package sources

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/rate"
	"signalbox/sources/internal/sketch"
)

// Endpoint is what was seen of the requests on one subject of a service, and of the replies to them.
type Endpoint struct {
	Subject  string
	Requests uint64
	Rate     float64 // requests a second, over the last second
	Replies  uint64
	Failures uint64 // replies by which the service said that it failed
	Took     Took   // of the replies
}

// Took is how long after their requests replies came: half of them no later than P50, 95 of 100 no later than P95.
type Took struct{ P50, P95, P99, Most time.Duration }

// mostEndpoints bounds the subjects of one service that are told apart.
const mostEndpoints = 128

// exchanges is what is counted of the requests to a service. A nil one counts nothing.
type exchanges struct {
	endpoints map[string]*endpoint
	other     *endpoint // all subjects beyond those
}

type endpoint struct {
	Endpoint
	rates rate.Counter
	took  sketch.Quantiles // seconds
	told  uint64           // how many of them there were when Took was found out
}

// otherSubjects stands for those beyond mostEndpoints.
const otherSubjects = "(other subjects)"

// take counts a message.
func (x *exchanges) take(e *Event) {
	n := x.endpoint(e.Subject)
	took, reply := e.Took()
	if !reply {
		n.Requests++
		n.rates.Count++
		return
	}
	n.Replies++
	n.took.Add(took.Seconds())
	if e.Headers.Get(bus.FailureHeader) != "" {
		n.Failures++
	}
}

func (x *exchanges) endpoint(subject string) *endpoint {
	if n := x.endpoints[subject]; n != nil {
		return n
	}
	if len(x.endpoints) == mostEndpoints {
		if x.other == nil {
			x.other = &endpoint{Endpoint: Endpoint{Subject: otherSubjects}}
		}
		return x.other
	}
	subject = strings.Clone(subject)
	n := &endpoint{Endpoint: Endpoint{Subject: subject}}
	x.endpoints[subject] = n
	return n
}

// tick ends a second.
func (x *exchanges) tick() {
	if x == nil {
		return
	}
	for _, n := range x.endpoints {
		n.rates.Tick()
	}
	if x.other != nil {
		x.other.rates.Tick()
	}
}

// rows are the endpoints by their subjects; the one of all others is the last.
func (x *exchanges) rows() []Endpoint {
	if x == nil {
		return nil
	}
	rows := make([]Endpoint, 0, len(x.endpoints)+1)
	for _, n := range x.endpoints {
		rows = append(rows, n.row())
	}
	slices.SortFunc(rows, func(a, b Endpoint) int { return cmp.Compare(a.Subject, b.Subject) })
	if x.other != nil {
		rows = append(rows, x.other.row())
	}
	return rows
}

func (n *endpoint) row() Endpoint {
	n.Rate = n.rates.Now()
	if n.told != n.took.N() {
		n.told = n.took.N()
		at := func(part float64) time.Duration { return time.Duration(n.took.At(part) * float64(time.Second)) }
		n.Took = Took{P50: at(0.5), P95: at(0.95), P99: at(0.99), Most: at(1)}
	}
	return n.Endpoint
}
