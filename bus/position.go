package bus

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Position is where a message stands in a replayable station: {0, sequence, 0} in JetStream, {0, milliseconds, sequence}
// in a Redis stream, {partition, offset + 1, 0} where a station has partitions. Only messages of one partition have an
// order. The zero Position is "nowhere", and so no message has it.
type Position struct {
	Partition    uint32
	Major, Minor uint64
}

// IsZero tells whether p is nowhere.
func (p Position) IsZero() bool { return p == Position{} }

// Less orders the positions of one partition of a station. Those of several are sorted by partition, which says nothing
// about which message came first.
func (p Position) Less(q Position) bool {
	switch {
	case p.Partition != q.Partition:
		return p.Partition < q.Partition
	case p.Major != q.Major:
		return p.Major < q.Major
	}
	return p.Minor < q.Minor
}

// PositionForm is how the positions of a station are written, and what can be told from two of them.
type PositionForm uint8

// The forms of positions.
const (
	Sequences        PositionForm = iota // "48193": a message has the number after that of the message before it
	TimedIDs                             // "1700000000000-0": milliseconds, and a number within these
	PartitionOffsets                     // "3:48193": a partition, and the number of a message in it, from 0
)

// Format writes p as users of the station know it; nowhere is "".
func (f PositionForm) Format(p Position) string { return string(f.Append(nil, p)) }

// Append appends p as Format writes it.
func (f PositionForm) Append(to []byte, p Position) []byte {
	switch {
	case p.IsZero(), f == PartitionOffsets && p.Major == 0:
		return to
	case f == TimedIDs:
		to = append(strconv.AppendUint(to, p.Major, 10), '-')
		return strconv.AppendUint(to, p.Minor, 10)
	case f == PartitionOffsets:
		to = append(strconv.AppendUint(to, uint64(p.Partition), 10), ':')
		return strconv.AppendUint(to, p.Major-1, 10)
	}
	return strconv.AppendUint(to, p.Major, 10)
}

// Name writes p as a part of a sentence: "#48193", "entry 1700000000000-0", "#3:48193".
func (f PositionForm) Name(p Position) string {
	if f == TimedIDs {
		return "entry " + f.Format(p)
	}
	return "#" + f.Format(p)
}

// Start writes p as the place to read from, as ParseFrom reads it: "seq:48193", "id:1700000000000-0".
func (f PositionForm) Start(p Position) string {
	if f == TimedIDs {
		return "id:" + f.Format(p)
	}
	return "seq:" + f.Format(p)
}

// Parse reads what Format of the same form wrote. An ID may lack the number within its milliseconds, which is 0 then.
func (f PositionForm) Parse(text string) (Position, error) {
	p, err := ParsePosition(text)
	parted, paired := strings.Contains(text, ":"), strings.Contains(text, "-")
	if err == nil && (parted != (f == PartitionOffsets) || paired && f != TimedIDs) {
		err = fmt.Errorf("position %q: want one such as %s", text, positionExamples[f])
	}
	return p, err
}

var positionExamples = [...]string{Sequences: "48193", TimedIDs: "1700000000000-0", PartitionOffsets: "3:48193"}

// Number is p where a single number says it all.
func (f PositionForm) Number(p Position) (uint64, bool) {
	return p.Major, f == Sequences && !p.IsZero()
}

// JSON is p as it is written in JSON: a number where a number says it all, else a text; nil for nowhere.
func (f PositionForm) JSON(p Position) any {
	if n, ok := f.Number(p); ok {
		return n
	}
	if p.IsZero() {
		return nil
	}
	return f.Format(p)
}

// Distance is how many positions q lies after p, where the form tells: as many messages at most lie between them.
func (f PositionForm) Distance(p, q Position) (uint64, bool) {
	if f == TimedIDs || p.Partition != q.Partition || q.Major < p.Major {
		return 0, false
	}
	return q.Major - p.Major, true
}

// ParsePosition reads what Format of any form wrote.
func ParsePosition(text string) (Position, error) {
	partition, rest, parted := strings.Cut(text, ":")
	if !parted {
		partition, rest = "0", text
	}
	major, minor, paired := strings.Cut(rest, "-")
	if !paired {
		minor = "0"
	}
	a, errA := strconv.ParseUint(partition, 10, 32)
	b, errB := strconv.ParseUint(major, 10, 64)
	c, errC := strconv.ParseUint(minor, 10, 64)
	if errA != nil || errB != nil || errC != nil || parted && (paired || b == math.MaxUint64) {
		return Position{}, fmt.Errorf("position %q: want a sequence such as 48193, an ID such as 1700000000000-0, or a partition "+
			"and an offset such as 3:48193", text)
	}
	if parted {
		b++
	}
	return Position{Partition: uint32(a), Major: b, Minor: c}, nil
}
