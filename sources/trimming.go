package sources

import "signalbox/sources/internal/packed"

// mostText bounds the texts of an event that are kept beside its payload.
const mostText = 4 << 10

// trim cuts what is too large to be held.
func (st *store) trim(ev *Event) {
	if max(len(ev.Subject), len(ev.Type), len(ev.Correlation), len(ev.Problem), len(ev.Rejected), len(ev.Failed)) > mostText {
		for _, text := range [...]*string{&ev.Subject, &ev.Type, &ev.Correlation, &ev.Problem, &ev.Rejected, &ev.Failed} {
			*text = trimText(*text, mostText)
		}
	}
	if max(len(ev.Data), len(ev.Body)) > st.head {
		st.trimPayload(ev)
	}
	room := st.head
	for i, h := range ev.Headers {
		if room -= len(h.Name) + len(h.Value); room < 0 {
			ev.Headers = ev.Headers[:i]
			break
		}
	}
}

func (st *store) trimPayload(ev *Event) {
	ev.Data, ev.Body = ev.Data[:min(len(ev.Data), st.head)], ev.Body[:min(len(ev.Body), st.head)]
	if at := packed.Offset(ev.Data, packed.String(ev.Body)); at >= 0 && at+len(ev.Body) > len(ev.Data) {
		ev.Body = ev.Body[:len(ev.Data)-at]
	}
}

func trimText(s string, most int) string { return s[:min(len(s), most)] }
