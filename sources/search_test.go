package sources

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSearchIsTheNaiveFilter scrolls through filtered and unfiltered events, while they come and leave.
func TestSearchIsTheNaiveFilter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e, ctx := cramped(t, Options{Memory: 1})
		b := newMemoryBus("one", "two")
		attach(ctx, t, e, b)
		var all []string // payloads by number - 1
		var of []string  // their stations
		filters := []*EventFilter{nil, NewFilter(func(e *Event) bool { return strings.Contains(string(e.Data), "REFUSE") }),
			NewFilter(func(e *Event) bool { return e.Rejected != "" || e.ID == "c" }), NewFilter(func(*Event) bool { panic("bad filter") })}
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			station := rapid.SampledFrom([]string{"one", "two"}).Draw(t, "sent to")
			pad := " pad=" + strings.Repeat("x", rapid.SampledFrom([]int{1, 5000}).Draw(t, "size"))
			var texts []string
			for range rapid.IntRange(1, 60).Draw(t, "events") {
				texts = append(texts, drawText(t, false)+pad)
				of = append(of, station)
			}
			all = append(all, texts...)
			b.texts(ctx, t, e, station, texts...)

			which := rapid.IntRange(0, len(filters)-1).Draw(t, "filter")
			v := View{Events: EventsView{
				Filter: filters[which], Station: rapid.SampledFrom([]string{"", "one", "two", "none"}).Draw(t, "of"),
				Cursor: uint64(rapid.IntRange(0, len(all)).Draw(t, "cursor")), Above: rapid.IntRange(0, 9).Draw(t, "above"),
				Below: rapid.IntRange(0, 9).Draw(t, "below"),
			}}
			if rapid.Bool().Draw(t, "travels") {
				v.At = uint64(rapid.IntRange(1, len(all)).Draw(t, "at"))
			}
			if s := rowsOf(ctx, t, e, v, uint64(len(all))); s != nil {
				var first uint64
				if err := e.requests.do(ctx, func() { first = e.store.Window.First() }); err != nil {
					t.Fatal(err)
				}
				check(t, s, all, of, which, first)
			}
		}
	})
}

// rowsOf waits until all that is held has been searched.
func rowsOf(ctx context.Context, t tester, e *Engine, v View, newest uint64) *Snapshot {
	return looks(ctx, t, e, v, func(s *Snapshot) bool {
		return s.Events.Searched == s.Events.Total && e.Last() == newest
	})
}

func check(t *rapid.T, s *Snapshot, all, of []string, which int, oldest uint64) {
	v, rows := s.View.Events, s.Events
	newest := uint64(len(all))
	if s.View.At != 0 {
		newest = min(newest, s.View.At)
	}
	var want []uint64
	for number := oldest; number <= newest; number++ {
		text := all[number-1]
		ok := v.Station == "" || of[number-1] == v.Station
		switch which {
		case 1:
			ok = ok && strings.Contains(text, "REFUSE")
		case 2:
			words := strings.Fields(text)
			ok = ok && (words[1] == "REFUSE" || words[2] == "c")
		case 3:
			ok = false
		}
		if ok {
			want = append(want, number)
		}
	}
	if rows.Total != newest+1-min(oldest, newest+1) || rows.Matching != uint64(len(want)) {
		t.Fatalf("%d of %d, want %d of %d", rows.Matching, rows.Total, len(want), newest+1-oldest)
	}
	if len(want) == 0 {
		if len(rows.Rows) != 0 {
			t.Fatalf("%d rows of nothing", len(rows.Rows))
		}
		return
	}
	at := len(want) - 1
	if v.Cursor != 0 {
		for at > 0 && want[at] > v.Cursor {
			at--
		}
	}
	from, to := max(0, at-v.Above), min(len(want)-1, at+v.Below)
	if rows.Rank != uint64(from) || len(rows.Rows) != to-from+1 {
		t.Fatalf("%d rows from %d on, want %d from %d on", len(rows.Rows), rows.Rank, to-from+1, from)
	}
	for i, row := range rows.Rows {
		if row.Number != want[from+i] || string(row.Data) != all[row.Number-1][:min(RowData, len(all[row.Number-1]))] {
			t.Fatalf("row %d is event %d %.40q, want %d", i, row.Number, row.Data, want[from+i])
		}
	}
}
