package bus

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Start says how a From is meant.
type Start int

// Where a feed may start.
const (
	FromNew   Start = iota // only what is published from now on
	FromAll                // everything kept
	FromLast               // the last N kept
	FromSince              // what is younger than Since
	FromAt                 // from Position on, inclusive; other partitions than its own start at new
)

// From is where a feed starts. A station that is not Replayable always starts at new.
type From struct {
	Start    Start
	Last     uint64
	Since    time.Duration
	Position Position
}

// FromForms are the forms that ParseFrom reads, for people.
const FromForms = "new, all, last:N, since:5m, seq:N, seq:PARTITION:OFFSET or id:MS-SEQ"

// ParseFrom reads one of FromForms.
func ParseFrom(text string) (From, error) {
	word, arg, _ := strings.Cut(text, ":")
	switch word {
	case "new":
		if arg == "" {
			return From{Start: FromNew}, nil
		}
	case "all":
		if arg == "" {
			return From{Start: FromAll}, nil
		}
	case "last":
		if n, err := strconv.ParseUint(arg, 10, 64); err == nil && n > 0 {
			return From{Start: FromLast, Last: n}, nil
		}
	case "since":
		if d, err := time.ParseDuration(arg); err == nil && d > 0 {
			return From{Start: FromSince, Since: d}, nil
		}
	case "seq", "id":
		if p, err := ParsePosition(arg); err == nil {
			return From{Start: FromAt, Position: p}, nil
		}
	}
	return From{}, fmt.Errorf("start %q: want %s", text, FromForms)
}

// String writes f as ParseFrom reads it.
func (f From) String() string {
	switch f.Start {
	case FromAll:
		return "all"
	case FromLast:
		return "last:" + strconv.FormatUint(f.Last, 10)
	case FromSince:
		return "since:" + f.Since.String()
	case FromAt:
		form := Sequences
		switch {
		case f.Position.Minor != 0:
			form = TimedIDs
		case f.Position.Partition != 0:
			form = PartitionOffsets
		}
		return form.Start(f.Position)
	default:
		return "new"
	}
}
