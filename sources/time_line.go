package sources

import (
	"slices"
	"time"

	"signalbox/sources/internal/lists"
	"signalbox/sources/internal/seconds"
)

// LineView asks for a TimeLine.
type LineView = lists.LineView

// TimeLine is how many events happened when, over a part of the time that is held.
type TimeLine struct {
	First, End time.Time // all the time that is held
	From, To   time.Time // that of Columns
	Columns    []LineColumn
	Gaps       []Gap // of all stations, as far as they are listed, in order of time
}

// LineColumn is a part of a TimeLine, all of which are equally long. Seconds that are counted together share evenly.
type LineColumn = seconds.Column

// leastColumn is the shortest that a column of a TimeLine is: events are counted by the second.
const leastColumn = 1

// timeLine is the one that a view wants; nil when it wants none, or nothing is held.
func (x *then) timeLine(v LineView) *TimeLine {
	if v.Columns <= 0 {
		return nil
	}
	x.countSeconds()
	first, end, ok := x.line.Extent()
	if !ok {
		return nil
	}
	from, to := v.From, v.To
	if from == 0 && to == 0 {
		from, to = first, end
	}
	from = min(from, to-int64(v.Columns)*leastColumn)
	t := &TimeLine{First: time.Unix(first, 0), End: time.Unix(end, 0), From: time.Unix(from, 0), To: time.Unix(to, 0), Columns: x.line.Columns(from, to, v.Columns)}
	for _, s := range x.attached.stations {
		t.Gaps = append(t.Gaps, s.ledger.Gaps...)
	}
	slices.SortStableFunc(t.Gaps, func(a, b Gap) int { return a.Until.Compare(b.Until) })
	return t
}
