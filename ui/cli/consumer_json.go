package cli

import (
	"time"

	"signalbox/bus"
	"signalbox/sources"
)

// consumerLine is a consumer as JSON. Numbers that the broker does not tell are missing.
type consumerLine struct {
	Bus         string            `json:"bus"`
	Station     string            `json:"station"`
	Name        string            `json:"name"`
	Kind        string            `json:"kind"`
	Lag         *int64            `json:"lag,omitempty"`
	LagRate     float64           `json:"lag_rate"` // messages a second; negative when catching up
	Unacked     *int64            `json:"unacked,omitempty"`
	Redelivered *int64            `json:"redelivered,omitempty"`
	GivenUp     int64             `json:"given_up,omitempty"`
	Waiting     *int64            `json:"waiting,omitempty"`
	AckLimit    int64             `json:"ack_limit,omitempty"`
	MaxDeliver  int64             `json:"max_deliver,omitempty"`
	Delivered   any               `json:"delivered,omitempty"`
	AckFloor    any               `json:"ack_floor,omitempty"`
	PausedUntil *time.Time        `json:"paused_until,omitempty"`
	LastActive  *time.Time        `json:"last_active,omitempty"`
	Members     []memberLine      `json:"members,omitempty"`
	Pending     []pendingLine     `json:"pending,omitempty"`
	Details     map[string]string `json:"details,omitempty"`
	Diagnosis   string            `json:"diagnosis"`
	Text        string            `json:"text"`
}

// memberLine is a member of a group.
type memberLine struct {
	Name    string `json:"name"`
	Pending int64  `json:"pending"`
	Idle    string `json:"idle"`
}

// pendingLine is a message that was not acknowledged.
type pendingLine struct {
	Position   any    `json:"position"`
	Member     string `json:"member,omitempty"`
	Age        string `json:"age,omitempty"`
	Deliveries *int64 `json:"deliveries,omitempty"`
}

// consumerJSON is a consumer.
func consumerJSON(c sources.ConsumerRow) consumerLine {
	line := consumerLine{
		Bus: c.Bus, Station: c.Station, Name: c.Name, Kind: c.Kind,
		Lag: known(c.Lag), LagRate: c.LagRate, Unacked: known(c.Unacked), Redelivered: known(c.Redelivered), GivenUp: c.GivenUp, Waiting: known(c.Waiting),
		AckLimit: c.AckLimit, MaxDeliver: c.MaxDeliver,
		Delivered: c.Positions.JSON(c.Delivered), AckFloor: c.Positions.JSON(c.AckFloor),
		PausedUntil: moment(c.PausedUntil), LastActive: moment(c.LastActive),
		Details: detailsJSON(c.Details), Diagnosis: c.Diagnosis.Word, Text: c.Diagnosis.Text,
	}
	for _, m := range c.Members {
		line.Members = append(line.Members, memberLine{m.Name, m.Pending, m.Idle.String()})
	}
	for _, p := range c.Pending {
		line.Pending = append(line.Pending, pendingJSON(c, p))
	}
	return line
}

// pendingJSON is a message that a consumer did not acknowledge, without the consumer.
func pendingJSON(c sources.ConsumerRow, p bus.Pending) pendingLine {
	line := pendingLine{Position: c.Positions.JSON(p.Position), Member: p.Member, Deliveries: known(p.Deliveries)}
	if p.Age > 0 {
		line.Age = p.Age.String()
	}
	return line
}

// unackedLine is a message that a consumer did not acknowledge, as JSON.
type unackedLine struct {
	Bus      string `json:"bus"`
	Station  string `json:"station"`
	Consumer string `json:"consumer"`
	pendingLine
}

// unackedJSON is one of the messages that a consumer did not acknowledge.
func unackedJSON(c sources.ConsumerRow, p bus.Pending) unackedLine {
	return unackedLine{c.Bus, c.Station, c.Name, pendingJSON(c, p)}
}
