package sources

// whole is the payload of an event before it was trimmed.
type whole struct{ data, body []byte }

// mostText bounds the texts of an event that are kept beside its payload.
const mostText = 4 << 10

// trim cuts what is too large to be held, and returns what the payload was.
func (e *Engine) trim(ev *Event) whole {
	was := whole{ev.Data, ev.Body}
	if max(len(ev.Subject), len(ev.Type), len(ev.Correlation), len(ev.Problem), len(ev.Rejected), len(ev.Failed)) > mostText {
		for _, text := range [...]*string{&ev.Subject, &ev.Type, &ev.Correlation, &ev.Problem, &ev.Rejected, &ev.Failed} {
			*text = trimText(*text, mostText)
		}
	}
	if len(ev.Data) > e.head {
		ev.Data = ev.Data[:e.head]
	}
	if len(ev.Body) > e.head {
		ev.Body = ev.Body[:e.head]
	}
	if at := offset(ev.Data, view(ev.Body)); at >= 0 && at+len(ev.Body) > len(ev.Data) {
		ev.Body = ev.Body[:len(ev.Data)-at]
	}
	room := e.head
	for i, h := range ev.Headers {
		if room -= len(h.Name) + len(h.Value); room < 0 {
			ev.Headers = ev.Headers[:i]
			break
		}
	}
	return was
}

func trimText(s string, most int) string { return s[:min(len(s), most)] }
