package pipe

import (
	"bytes"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"signalbox/bus"
)

// open looks into a line that another program wrapped a message in: "kcat -J" and "signalbox tail --json". Any other line is
// the message itself.
func open(m *bus.Message) {
	line := bytes.TrimSpace(m.Data)
	if len(line) == 0 || line[0] != '{' {
		return
	}
	for _, e := range envelopes {
		if bytes.Contains(line, e.mark) {
			members := gjson.GetManyBytes(line, e.members...)
			if e.isOne(members) && gjson.ValidBytes(line) {
				e.open(m, members)
				m.Size = len(m.Data)
			}
			return
		}
	}
}

// envelope is how a program writes messages as lines.
type envelope struct {
	mark    []byte   // is in each of its lines
	members []string // of the line's object
	isOne   func(members []gjson.Result) bool
	open    func(m *bus.Message, members []gjson.Result)
}

var envelopes = []envelope{
	{
		// kcat: {"topic":"orders","partition":0,"offset":7,"tstype":"create","ts":1700000000000,"broker":1,"headers":["a","1"],"key":"o-1","payload":"…"}
		mark: []byte(`"tstype"`), members: []string{"topic", "payload", "ts", "key", "headers", "offset"},
		isOne: func(m []gjson.Result) bool { return m[0].Type == gjson.String && m[5].Type == gjson.Number },
		open: func(to *bus.Message, m []gjson.Result) {
			to.Subject, to.Data = m[0].String(), []byte(m[1].String())
			if ms := m[2].Int(); ms > 0 {
				to.UnixNano = time.UnixMilli(ms).UnixNano()
			}
			if m[3].Type == gjson.String {
				to.Headers = append(to.Headers, bus.Header{Name: "key", Value: m[3].String()})
			}
			for all := m[4].Array(); len(all) > 1; all = all[2:] {
				to.Headers = append(to.Headers, bus.Header{Name: all[0].String(), Value: all[1].String()})
			}
		},
	},
	{
		// signalbox: {"time":"2026-01-02T15:04:05Z","bus":"…","station":"orders","subject":"orders.eu","type":"…","headers":{…},"data":…,"payload":…}
		mark: []byte(`"station"`), members: []string{"station", "subject", "time", "headers", "data", "payload", "bus"},
		isOne: func(m []gjson.Result) bool {
			return m[0].Type == gjson.String && m[2].Type == gjson.String && m[4].Exists() && m[6].Type == gjson.String
		},
		open: func(to *bus.Message, m []gjson.Result) {
			if to.Subject = m[0].String(); strings.ContainsAny(to.Subject, "*>") { // it gathered what came to others
				to.Subject = m[1].String()
			}
			if at, err := time.Parse(time.RFC3339Nano, m[2].String()); err == nil {
				to.UnixNano = at.UnixNano()
			}
			m[3].ForEach(func(name, value gjson.Result) bool {
				to.Headers = append(to.Headers, bus.Header{Name: name.String(), Value: value.String()})
				return true
			})
			payload := m[5]
			if !payload.Exists() {
				payload = m[4]
			}
			if to.Data = []byte(payload.Raw); payload.Type == gjson.String {
				to.Data = []byte(payload.String())
			}
		},
	},
}
