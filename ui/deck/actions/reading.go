package actions

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/deck/forms"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// canCancel is where the station is catching up.
func canCancel(d *component.Deck) bool {
	r := d.ChosenStation()
	return r != nil && wording.CatchingUp(r)
}

// canMove is where the station can be read from elsewhere.
func canMove(d *component.Deck) bool {
	r := d.ChosenStation()
	return r != nil && r.Station.Readable && r.Station.Replayable
}

// cancelBackfill has a station go on from new.
func cancelBackfill(d *component.Deck) tea.Cmd {
	r := d.ChosenStation()
	if r == nil {
		return nil
	}
	key := r.Key
	dialogs.Ask(d, "Stop reading what "+screen.Clean(key)+" holds, and go on from new? What was not read is counted as missed.",
		func() tea.Cmd {
			d.Say(bus.Say, "cancelling the backfill of "+screen.Clean(key)+"…")
			return reopen(d, key, bus.From{}, func() { d.Say(bus.Say, screen.Clean(key)+" goes on from new") })
		})
	return nil
}

// reopen asks the engine to read a station from another place.
func reopen(d *component.Deck, key string, from bus.From, then func()) tea.Cmd {
	return component.Fetch(d, func(ctx context.Context) (struct{}, error) {
		ctx, cancel := context.WithTimeout(ctx, forms.Timeout)
		defer cancel()
		return struct{}{}, d.Engine.Reopen(ctx, key, from)
	}, func(struct{}) tea.Cmd { then(); return nil })
}

// openFrom asks where a station is to be read from.
func openFrom(d *component.Deck) tea.Cmd {
	r := d.ChosenStation()
	if r == nil {
		return nil
	}
	key := r.Key
	places := []string{"new", "all", "last:100", "since:5m"}
	if first := r.Station.First; !first.IsZero() {
		places = append(places, r.Station.Positions.Start(first))
	}
	form := &forms.Action{
		Title: "read " + screen.Clean(key) + " from", Doing: "opening", Button: "Read",
		About: "From new, reading goes on with what is published next. From anywhere else everything is read anew: what is held is let go, " +
			"and every station that keeps its messages is read again, this one from there, so that each event is folded once. " +
			"Nothing changes on the broker.",
		Fields: []bus.LeverField{{Name: "from", Label: "From", About: "new, all, last:N, since:5m, seq:N or id:MS-SEQ", Default: r.From}},
		Seen:   func(bus.LeverField) []string { return places },
		Act: func(o *forms.Action, values map[string]string) tea.Cmd {
			from, err := bus.ParseFrom(values["from"])
			if err != nil {
				o.Blame(0, component.OneLine(err))
				return nil
			}
			if from.Start != bus.FromNew {
				d.Time.ToNow() // what is shown of the past will have gone
			}
			return o.Start(d, func(ctx context.Context) (string, error) {
				return key + " is read from " + from.String(), d.Engine.Reopen(ctx, key, from)
			})
		},
	}
	form.Open(d)
	return nil
}
