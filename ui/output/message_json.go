package output

import (
	"encoding/json"
	"time"

	"signalbox/bus"
)

// OutgoingLine is what would be sent as JSON.
type OutgoingLine struct {
	Station string            `json:"station"`
	Subject string            `json:"subject,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Data    any               `json:"data"`
}

// OutgoingJSON is a message to be sent.
func OutgoingJSON(out bus.Outgoing) OutgoingLine {
	line := OutgoingLine{Station: out.Station, Subject: out.Subject, Data: string(out.Data)}
	if json.Valid(out.Data) {
		line.Data = json.RawMessage(out.Data)
	}
	if len(out.Headers) > 0 {
		line.Headers = make(map[string]string, len(out.Headers))
	}
	for _, h := range out.Headers {
		line.Headers[h.Name] = h.Value
	}
	return line
}

// AnswerLine is the answer to a request as JSON.
type AnswerLine struct {
	Took    string            `json:"took"`
	Subject string            `json:"subject"`
	Headers map[string]string `json:"headers,omitempty"`
	Data    any               `json:"data"`
}

// AnswerJSON is an answer, and how long it took to come.
func AnswerJSON(m bus.Message, took time.Duration) AnswerLine {
	out := OutgoingJSON(bus.Outgoing{Headers: m.Headers, Data: m.Data})
	return AnswerLine{took.String(), m.Subject, out.Headers, out.Data}
}

// ReceiptLine is what a broker said of a message, as JSON. What it does not tell is missing.
type ReceiptLine struct {
	Station   string `json:"station,omitempty"`
	Position  any    `json:"position,omitempty"`
	Duplicate bool   `json:"duplicate"`
	Receivers *int64 `json:"receivers,omitempty"`
	Text      string `json:"text"`
}

// ReceiptJSON is what a broker said of a message.
func ReceiptJSON(r bus.Receipt) ReceiptLine {
	return ReceiptLine{r.Station, r.Positions.JSON(r.Position), r.Duplicate, known(r.Receivers), r.Text}
}

// PostLine is as JSON what is posted to an application.
type PostLine struct {
	Method string `json:"method"`
	URL    string `json:"url"` // without what is secret in it
	Data   any    `json:"data"`
}

// PostJSON is a message whose subject is the URL it is posted to.
func PostJSON(out bus.Outgoing) PostLine {
	return PostLine{Method: "POST", URL: bus.Redact(out.Subject), Data: OutgoingJSON(out).Data}
}
