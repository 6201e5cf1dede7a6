package output

import (
	"time"

	"signalbox/bus"
	"signalbox/sources"
)

// ConsumerLine is a consumer as JSON. Numbers that the broker does not tell are missing.
type ConsumerLine struct {
	Bus         string            `json:"bus"`
	Station     string            `json:"station"`
	Name        string            `json:"name"`
	Kind        string            `json:"kind"`
	Session     bool              `json:"session,omitempty"` // another session of signalbox looks on with it
	Lag         *int64            `json:"lag,omitempty"`
	LagRate     float64           `json:"lag_rate"` // messages a second; negative when catching up
	Unacked     *int64            `json:"unacked,omitempty"`
	Redelivered *int64            `json:"redelivered,omitempty"`
	GivenUp     *int64            `json:"given_up,omitempty"`          // delivered as often as max_deliver, and not acknowledged
	AtLeast     bool              `json:"given_up_at_least,omitempty"` // it may be more
	Terminated  int64             `json:"terminated,omitempty"`        // while this session watched
	Waiting     *int64            `json:"waiting,omitempty"`
	AckLimit    int64             `json:"ack_limit,omitempty"`
	MaxDeliver  int64             `json:"max_deliver,omitempty"`
	Delivered   any               `json:"delivered,omitempty"`
	AckFloor    any               `json:"ack_floor,omitempty"`    // all up to here are acknowledged
	AckedBefore any               `json:"acked_before,omitempty"` // instead: all before this one, which is not
	PausedUntil *time.Time        `json:"paused_until,omitempty"`
	LastActive  *time.Time        `json:"last_active,omitempty"`
	Members     []MemberLine      `json:"members,omitempty"`
	MoreMembers int               `json:"more_members,omitempty"` // that are not listed
	Pending     []PendingLine     `json:"pending,omitempty"`
	Details     map[string]string `json:"details,omitempty"`
	Diagnosis   string            `json:"diagnosis"`
	Text        string            `json:"text"`
}

// MemberLine is a member of a group.
type MemberLine struct {
	Name    string `json:"name"`
	Pending int64  `json:"pending"`
	Idle    string `json:"idle"`
}

// PendingLine is a message that was not acknowledged.
type PendingLine struct {
	Position   any    `json:"position"`
	Member     string `json:"member,omitempty"`
	Age        string `json:"age,omitempty"`
	Deliveries *int64 `json:"deliveries,omitempty"`
}

// ConsumerJSON is a consumer.
func ConsumerJSON(c sources.ConsumerRow) ConsumerLine {
	line := ConsumerLine{
		Bus: c.Bus, Station: c.Station, Name: c.Name, Kind: c.Kind, Session: c.Session,
		Lag: known(c.Lag), LagRate: c.LagRate, Unacked: known(c.Unacked), Redelivered: known(c.Redelivered), GivenUp: givenUp(c), AtLeast: c.AtLeast, Terminated: c.Terminated, Waiting: known(c.Waiting),
		AckLimit: c.AckLimit, MaxDeliver: c.MaxDeliver,
		Delivered:   c.Positions.JSON(c.Delivered),
		PausedUntil: moment(c.PausedUntil), LastActive: moment(c.LastActive),
		Details: detailsJSON(c.Details), Diagnosis: c.Diagnosis.Word, Text: c.Text(),
	}
	if c.Positions == bus.TimedIDs && len(c.Pending) > 0 {
		line.AckedBefore = c.Positions.JSON(c.Pending[0].Position) // no message needs to stand just before it
	} else {
		line.AckFloor = c.Positions.JSON(c.AckFloor)
	}
	line.MoreMembers = c.MoreMembers
	for _, m := range c.Members {
		member := MemberLine{Name: m.Name, Pending: m.Pending}
		if m.Idle >= 0 {
			member.Idle = m.Idle.String()
		}
		line.Members = append(line.Members, member)
	}
	for _, p := range c.Pending {
		line.Pending = append(line.Pending, pendingJSON(c, p))
	}
	return line
}

// pendingJSON is a message that a consumer did not acknowledge, without the consumer.
func pendingJSON(c sources.ConsumerRow, p bus.Pending) PendingLine {
	line := PendingLine{Position: c.Positions.JSON(p.Position), Member: p.Member, Deliveries: known(p.Deliveries)}
	if p.Age > 0 {
		line.Age = p.Age.String()
	}
	return line
}

// UnackedLine is a message that a consumer did not acknowledge, as JSON.
type UnackedLine struct {
	Bus      string `json:"bus"`
	Station  string `json:"station"`
	Consumer string `json:"consumer"`
	PendingLine
}

// UnackedJSON is one of the messages that a consumer did not acknowledge.
func UnackedJSON(c sources.ConsumerRow, p bus.Pending) UnackedLine {
	return UnackedLine{c.Bus, c.Station, c.Name, pendingJSON(c, p)}
}

// givenUp is how many messages a consumer has given up, nil when nothing is known of it.
func givenUp(c sources.ConsumerRow) *int64 {
	if c.AtLeast && c.GivenUp == 0 {
		return nil
	}
	return &c.GivenUp
}
