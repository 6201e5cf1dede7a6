package feeds

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"signalbox/bus"
)

// exchanges are the requests to which replies may come, by the inbox where they are awaited. They are forgotten after a while,
// answered or not: to a request there may be several replies.
type exchanges struct {
	mu          sync.Mutex
	now, before map[string]request
	turned      int64 // when before was now
}

// request is what is known of a request.
type request struct {
	subject string
	nano    int64
}

// How long a request is remembered, at least, and how many at most are in each of the two.
const (
	exchangeTime  = time.Minute
	mostExchanges = 16 << 10
)

// asked notes a request. It keeps nothing of the message but the value of its header, which is not used again.
func (x *exchanges) asked(m *bus.Message) (inbox string) {
	inbox = m.Headers.Get(bus.ExchangeHeader)
	if inbox == "" {
		return ""
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.now == nil || len(x.now) == mostExchanges || m.UnixNano-x.turned > int64(exchangeTime) {
		x.before, x.now, x.turned = x.now, map[string]request{}, m.UnixNano
	}
	x.now[inbox] = request{subject: strings.Clone(m.Subject), nano: m.UnixNano}
	return inbox
}

// answered makes a message the reply to a request, if it is one: on the subject of the request, and with headers that say so.
func (x *exchanges) answered(m *bus.Message) bool {
	x.mu.Lock()
	r, known := x.now[m.Subject]
	if !known {
		r, known = x.before[m.Subject]
	}
	x.mu.Unlock()
	if !known {
		return false
	}
	took := max(time.Duration(m.UnixNano-r.nano), time.Microsecond) // less cannot be told: both were read at once
	headers := bus.Headers{{Name: bus.ExchangeHeader, Value: m.Subject}, {Name: bus.TookHeader, Value: roundedTime(took).String()}}
	if why := failure(m.Headers); why != "" {
		headers = append(headers, bus.Header{Name: bus.FailureHeader, Value: why})
	}
	m.Headers = slices.Concat(headers, m.Headers.Sent())
	m.Subject = r.subject
	return true
}

// roundedTime is a time to three digits or so.
func roundedTime(d time.Duration) time.Duration {
	for unit := time.Second; unit > time.Microsecond; unit /= 10 {
		if d >= 100*unit {
			return d.Round(unit)
		}
	}
	return d.Round(time.Microsecond)
}

// failure is why a service says that it failed, with its code, or "": the NATS protocol of services says by which headers.
func failure(h bus.Headers) string {
	why, code := h.Get("Nats-Service-Error"), h.Get("Nats-Service-Error-Code")
	if why == "" && code == "" {
		return ""
	}
	return strings.TrimSuffix(cmp.Or(code, "error")+": "+why, ": ")
}
