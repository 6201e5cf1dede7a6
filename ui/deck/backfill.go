package deck

import (
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// backfilling tells whether a station is still being read of what it held.
func backfilling(r *sources.StationRow) bool { return r.Reading && r.Backfill >= 0 && r.Backfill < 1 }

// gauge draws a share as a bar of so many cells.
func gauge(share float64, width int) string {
	full := min(max(int(share*float64(width)), 0), width)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

func percent(share float64) string { return strconv.Itoa(int(share*100)) + "%" }

// backfillText is how far a backfill is, in words.
func backfillText(r *sources.StationRow) string {
	parts := []string{percent(r.Backfill), screen.Grouped(r.Seen) + " read"}
	if r.Expected > 0 {
		parts[1] = screen.Grouped(r.Seen) + " of " + screen.Grouped(r.Expected)
	} else {
		parts = parts[1:] // how many there are is not known
	}
	parts = append(parts, screen.Rate(r.Rate))
	if left := r.Left(); left > 0 {
		parts = append(parts, screen.Duration(left)+" left")
	}
	return strings.Join(parts, " · ")
}

// backfill is what stands in a station's row instead of its rate, while it catches up.
func (c stationColumns) backfill(l *screen.Line, t *screen.Theme, r *sources.StationRow) {
	room := c.rate + c.spark - 1
	rest := percent(r.Backfill)
	if r.Expected == 0 {
		rest = screen.Short(r.Seen) + " read"
	}
	if left := r.Left(); left > 0 {
		rest += " " + screen.Duration(left)
	}
	if room >= 24 {
		rest = screen.Rate(r.Rate) + " " + rest
	}
	l.Gap(1)
	l.Put(t.Warn, gauge(r.Backfill, max(room-screen.Cells(rest)-1, 0)))
	l.Right(t.Text, rest, min(screen.Cells(rest)+1, l.Free()))
}

// chosenStation is the station that is open, or chosen in its pane.
func (d *deck) chosenStation() *sources.StationRow {
	if v, ok := d.top().(*detailView); ok {
		return d.stationRow(v.station)
	}
	if inPane(stationsPane)(d) {
		return d.stations.chosen(d)
	}
	return nil
}

// catching is a place: the station here is catching up.
func catching(d *deck) bool {
	r := d.chosenStation()
	return r != nil && backfilling(r)
}

// movableStation is a place: the station here can be read from elsewhere.
func movableStation(d *deck) bool {
	r := d.chosenStation()
	return r != nil && r.Station.Readable && r.Station.Replayable
}

// cancelBackfill has a station go on from new.
func (d *deck) cancelBackfill() tea.Cmd {
	r := d.chosenStation()
	if r == nil {
		return nil
	}
	key := r.Key
	d.ask("Stop reading what "+screen.Clean(key)+" holds, and go on from new? What was not read is counted as missed.",
		func(d *deck) tea.Cmd {
			d.say(bus.Say, "cancelling the backfill of "+screen.Clean(key)+"…")
			return d.reopen(key, bus.From{}, func(d *deck) { d.say(bus.Say, screen.Clean(key)+" goes on from new") })
		})
	return nil
}

// reopen asks the source to read a station from another place.
func (d *deck) reopen(key string, from bus.From, then func(*deck)) tea.Cmd {
	source := d.source
	return fetch(d, func(ctx context.Context) (struct{}, error) {
		ctx, cancel := context.WithTimeout(ctx, actTimeout)
		defer cancel()
		return struct{}{}, source.Reopen(ctx, key, from)
	}, func(d *deck, _ struct{}) tea.Cmd { then(d); return nil })
}

// openFrom asks where a station is to be read from.
func (d *deck) openFrom() tea.Cmd {
	r := d.chosenStation()
	if r == nil {
		return nil
	}
	key := r.Key
	places := []string{"new", "all", "last:100", "since:5m"}
	if first := r.Station.First; !first.IsZero() {
		places = append(places, r.Station.Positions.Start(first))
	}
	d.openSheet(&sheet{
		title: "read " + screen.Clean(key) + " from", doing: "opening", button: "Read",
		about: "From new, reading goes on with what is published next. From anywhere else everything is read anew: what is held is let go, " +
			"and every station that keeps its messages is read again, this one from there, so that each event is folded once. " +
			"Nothing changes on the broker.",
		fields: []bus.LeverField{{Name: "from", Label: "From", About: "new, all, last:N, since:5m, seq:N or id:MS-SEQ", Default: r.From}},
		act: func(d *deck, o *sheet, values map[string]string) tea.Cmd {
			from, err := bus.ParseFrom(values["from"])
			if err != nil {
				o.blame(0, oneLine(err))
				return nil
			}
			if from.Start != bus.FromNew {
				d.toNow() // what is shown of the past will have gone
			}
			source := d.source
			return o.start(d, func(ctx context.Context) (string, error) {
				return key + " is read from " + from.String(), source.Reopen(ctx, key, from)
			})
		},
	}, func(bus.LeverField) []string { return places })
	return nil
}
