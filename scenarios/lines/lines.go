// Package lines says where lines of text that come from another program were sent to, and when: by expressions over what is in
// them, with the names that filters know.
//
// A Placing belongs to one goroutine. Nothing blocks.
package lines

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/expression"
	"signalbox/scenarios/scope"
	"signalbox/sources"
	"signalbox/sources/state"
)

// Placing finds where a line was sent to, and when.
type Placing struct {
	station, time expression.Expression
	event         sources.Event
	row           scope.EventRow
	lookup        expression.Lookup
	frame         expression.Frame
}

// NewPlacing compiles the expressions, each of which may be empty.
func NewPlacing(station, time string) (*Placing, error) {
	p := &Placing{}
	p.row.Event = &p.event
	names := p.row.Scope(&p.lookup)
	wrong := errors.Join(compile(names, "--station", station, &p.station), compile(names, "--time", time, &p.time))
	return p, wrong
}

// Check says what is wrong with an expression over a line, which a flag was given.
func Check(flag, text string) error {
	var row scope.EventRow
	return compile(row.Scope(&expression.Lookup{}), flag, text, &expression.Expression{})
}

func compile(names *expression.Scope, flag, text string, to *expression.Expression) error {
	if text == "" {
		return nil
	}
	var err error
	if *to, err = names.Compile(text); err != nil {
		return fmt.Errorf("%s: %s: %w", flag, text, err)
	}
	return nil
}

// Place gives a message the subject and the time that its line tells.
func (p *Placing) Place(m *bus.Message) {
	p.event.Subject, p.event.Headers, p.event.Data, p.event.UnixNano = m.Subject, m.Headers, m.Data, m.UnixNano
	p.row.Data.Reset(expression.View(m.Data), &p.lookup)
	if v, ok := p.ask(&p.station); ok {
		m.Subject = v.String()
	}
	if v, ok := p.ask(&p.time); ok {
		if at, known := moment(v); known {
			m.UnixNano = at
		}
	}
}

// ask computes an expression; not ok where there is none, or what it asks for is not there.
func (p *Placing) ask(x *expression.Expression) (v state.Value, ok bool) {
	if x.IsZero() {
		return v, false
	}
	p.frame.Begin()
	v, err := x.Eval(&p.frame)
	return v, err == nil && v.Kind() != state.Absent
}

// Times after 1970 in one unit are so much larger than those in the next that the number says the unit: seconds up to
// the year 5138, milliseconds from 1973 to there, and so on.
const mostSeconds = 1e11

// moment reads a time: a text as RFC 3339 has it, also with a blank for the T and without a zone (UTC), or a number of
// seconds, milliseconds, microseconds or nanoseconds since 1970.
func moment(v state.Value) (unixNano int64, known bool) {
	text := strings.TrimSpace(v.String())
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		unit := float64(time.Second)
		for size := math.Abs(n); size >= mostSeconds && unit > 1; size /= 1000 {
			unit /= 1000
		}
		if nano := n * unit; math.Abs(nano) < math.MaxInt64 {
			return int64(nano), true
		}
		return 0, false
	}
	for _, form := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"} {
		if at, err := time.Parse(form, text); err == nil {
			return at.UnixNano(), true
		}
	}
	return 0, false
}
