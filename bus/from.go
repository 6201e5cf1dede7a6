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
	Form     PositionForm // how the stations write their positions that are meant by FromAt
}

// FormError says that the positions of a station are written in another form than the one where reading was to start.
type FormError struct {
	From   From
	Wanted PositionForm
}

func (e *FormError) Error() string {
	return fmt.Sprintf("its positions are written as %s, and not as in %s", positionExamples[e.Wanted], e.From)
}

// Fits tells whether a station can be read from f. It is a FormError where its positions are written in another way.
func (f From) Fits(station *Station) error {
	if f.Start != FromAt || !station.Replayable || station.Positions == f.Form {
		return nil
	}
	return &FormError{f, station.Positions}
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
		return From{}, fmt.Errorf("start %q: want a whole number from 1 on, as in last:100", text)
	case "since":
		if d, err := time.ParseDuration(arg); err == nil && d > 0 {
			return From{Start: FromSince, Since: d}, nil
		}
		return From{}, fmt.Errorf("start %q: want a time above 0 in h, m and s, as in since:1h30m", text)
	case "seq", "id":
		return parseStartAt(text, word, arg)
	}
	return From{}, fmt.Errorf("start %q: want %s", text, FromForms)
}

// parseStartAt reads seq:N, seq:PARTITION:N or id:MS-SEQ.
func parseStartAt(text, word, arg string) (From, error) {
	form, want := Sequences, "the number of a message, from 1 on, as in seq:48193"
	switch {
	case word == "id":
		form, want = TimedIDs, "the ID of an entry, as in id:1700000000000-0"
	case strings.Contains(arg, ":"):
		form, want = PartitionOffsets, "a partition and an offset, as in seq:3:48193"
	}
	p, err := form.Parse(arg)
	switch {
	case err != nil || p.IsZero() && form == Sequences:
		return From{}, fmt.Errorf("start %q: want %s", text, want)
	case p.IsZero(): // no entry has the ID 0-0: it stands for the beginning
		return From{Start: FromAll}, nil
	}
	return From{Start: FromAt, Position: p, Form: form}, nil
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
		return f.Form.Start(f.Position)
	default:
		return "new"
	}
}
