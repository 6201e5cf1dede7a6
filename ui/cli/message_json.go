package cli

import (
	"encoding/json"
	"time"

	"signalbox/bus"
)

// outgoingLine is what would be sent as JSON.
type outgoingLine struct {
	Station string            `json:"station"`
	Subject string            `json:"subject,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Data    any               `json:"data"`
}

// outgoingJSON is a message to be sent.
func outgoingJSON(out bus.Outgoing) outgoingLine {
	line := outgoingLine{Station: out.Station, Subject: out.Subject, Data: string(out.Data)}
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

// answerLine is the answer to a request as JSON.
type answerLine struct {
	Took    string            `json:"took"`
	Subject string            `json:"subject"`
	Headers map[string]string `json:"headers,omitempty"`
	Data    any               `json:"data"`
}

// answerJSON is an answer, and how long it took to come.
func answerJSON(m bus.Message, took time.Duration) answerLine {
	out := outgoingJSON(bus.Outgoing{Headers: m.Headers, Data: m.Data})
	return answerLine{took.String(), m.Subject, out.Headers, out.Data}
}

// receiptLine is what a broker said of a message, as JSON. What it does not tell is missing.
type receiptLine struct {
	Station   string `json:"station,omitempty"`
	Position  any    `json:"position,omitempty"`
	Duplicate bool   `json:"duplicate"`
	Receivers *int64 `json:"receivers,omitempty"`
	Text      string `json:"text"`
}

// receiptJSON is what a broker said of a message.
func receiptJSON(r bus.Receipt) receiptLine {
	return receiptLine{r.Station, r.Positions.JSON(r.Position), r.Duplicate, known(r.Receivers), r.Text}
}
