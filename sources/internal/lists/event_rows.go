package lists

import (
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// RowData is how much of a payload the rows of the events pane have; an open event has all that is held.
const RowData = 4 << 10

// eventRows are the rows of the events pane. Rows of the snapshot before are used again: events do not change.
func (ls *Lists) eventRows(v *View) EventRows {
	w := ls.store.Window
	newest := w.Next() - 1
	if v.At != 0 {
		newest = min(newest, v.At)
	}
	var x window.List = w
	if ls.search != nil {
		x = ls.search
	}
	out := EventRows{
		Total: newest + 1 - min(w.First(), newest+1), Matching: x.Below(newest + 1), Following: v.Events.Cursor == 0 && v.At == 0,
	}
	if ls.hides(v.Events) {
		out.Copies = w.Copies()
	}
	out.Searched = out.Total
	if ls.search != nil {
		out.Searched = ls.search.Searched(newest)
	}
	if out.Matching == 0 {
		return out
	}
	at := out.Matching - 1
	if v.Events.Cursor != 0 {
		at = min(at, max(x.Below(v.Events.Cursor+1), 1)-1)
	}
	from := at - min(at, uint64(max(0, v.Events.Above)))
	to := min(out.Matching-1, at+uint64(max(0, v.Events.Below)))
	out.Rank = from
	out.Rows = make([]*event.Event, 0, to-from+1)
	kept := ls.last.Events.Rows
	for rank := from; rank <= to; rank++ {
		number := x.Nth(rank)
		for len(kept) > 0 && kept[0].Number < number {
			kept = kept[1:]
		}
		if len(kept) > 0 && kept[0].Number == number {
			out.Rows = append(out.Rows, kept[0])
		} else {
			out.Rows = append(out.Rows, ls.store.CopyOf(number, RowData))
		}
	}
	return out
}

// openEvent is the open event; it is made once.
func (ls *Lists) openEvent(number uint64) *EventDetail {
	if _, held := ls.store.Held(number); !held {
		return nil
	}
	if last := ls.last.Open; last != nil && last.Number == number {
		return last
	}
	return Detail(ls.store, number)
}

// Detail is a held event, whole.
func Detail(st *store.Store, number uint64) *EventDetail {
	held, _ := st.Held(number)
	ev := event.Event{Past: st.Past()}
	st.Read(number, held, &ev)
	m := event.MomentOf(&ev)
	d := &EventDetail{Event: m.Event, Moment: m, Held: len(m.Event.Data)}
	if d.Kind != nil {
		d.Changes = d.Kind.Describe(state.ReadChanges(held.Changes()))
	}
	return d
}
