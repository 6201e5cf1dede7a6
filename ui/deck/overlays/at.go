package overlays

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// errAt says what can be typed behind at.
var errAt = errors.New("want a time such as 14:03:22 or -5m, or a position such as 48193")

// clocks are how a time of day, or a date and a time, can be typed.
var clocks = []string{"15:04:05", "15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02"}

// reference is what a moment that is typed is told from: now or, of a recording, the newest event that is shown.
func reference(d *component.Deck) (from time.Time, recorded bool) {
	if s := d.Snapshot(); s.Everything {
		for i := range s.Stations {
			if last := s.Stations[i].Last; last.After(from) {
				from = last
			}
		}
	}
	if from.IsZero() {
		return d.Now(), false
	}
	return from.Local(), true
}

// momentOf reads a moment as it is typed; ok is false when it is none. A time of day was the last such before now; of a recording it is
// the one that is nearest to what is shown.
func momentOf(text string, now time.Time, recorded bool) (at time.Time, ok bool) {
	if ago, found := strings.CutPrefix(text, "-"); found {
		d, err := time.ParseDuration(strings.ReplaceAll(ago, " ", ""))
		return now.Add(-d), err == nil && d >= 0
	}
	for _, layout := range clocks {
		at, err := time.ParseInLocation(layout, text, now.Location())
		if err != nil {
			continue
		}
		if strings.HasPrefix(layout, "15") {
			at = time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), now.Location())
			switch {
			case recorded && now.Sub(at) > halfDay:
				at = at.AddDate(0, 0, 1)
			case recorded && at.Sub(now) > halfDay, !recorded && at.After(now): // the clock has not come there today
				at = at.AddDate(0, 0, -1)
			}
		}
		return at, true
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	return at, err == nil
}

// halfDay is how far the nearest time of day lies away at most.
const halfDay = 12 * time.Hour

// runAt goes to a time, or to the event with a position: that of the station whose events alone are shown, else of any.
func runAt(d *component.Deck, rest string) (tea.Cmd, error) {
	rest = strings.TrimSpace(rest)
	if rest == "now" {
		d.Close()
		d.Time.ToNow()
		return func() tea.Msg { return nil }, nil
	}
	from, recorded := reference(d)
	if at, ok := momentOf(rest, from, recorded); ok {
		if at.After(d.Now()) {
			return nil, errors.New("that is yet to come")
		}
		d.Close()
		return goToTime(d, at), nil
	}
	position, err := bus.ParsePosition(strings.TrimPrefix(rest, "#"))
	if err != nil {
		return nil, errAt
	}
	d.Close()
	station := d.Selection.Events.Station
	find := func(ctx context.Context) (uint64, error) { return d.Engine.EventOn(ctx, station, position) }
	return component.Fetch(d, find, func(number uint64) tea.Cmd {
		if number == 0 {
			d.Say(bus.Warn, "no event with position "+screen.Clean(rest)+" is held")
			return nil
		}
		d.Trail.Stay()
		d.Time.GoTo(number)
		return nil
	}), nil
}

// goToTime shows everything as it was at a time.
func goToTime(d *component.Deck, at time.Time) tea.Cmd {
	if isAhead(d, at) {
		d.Say(bus.Say, "the recording is not read up to there yet: it is gone to as soon as it is")
	}
	find := func(ctx context.Context) (uint64, error) { return d.Engine.EventAt(ctx, at) }
	return component.Fetch(d, find, func(number uint64) tea.Cmd {
		if number == 0 {
			d.Say(bus.Warn, "nothing is held of "+d.Day(at)+d.Clock(at, false)+": T shows what is")
			return nil
		}
		d.Trail.Stay()
		d.Time.GoToMoment(number, at)
		return nil
	})
}

// isAhead tells whether a recording is still being read for the first time, and has not come to a time.
func isAhead(d *component.Deck, at time.Time) bool {
	if d.Time.Earlier() { // what is known of stations is of then
		return false
	}
	behind := false
	for i := range d.Snapshot().Stations {
		s := &d.Snapshot().Stations[i]
		if behind = behind || wording.CatchingUp(s); !s.Last.Before(at) {
			return false
		}
	}
	return behind && d.Snapshot().Everything
}

// runMark marks the moment that is shown.
func runMark(d *component.Deck, rest string) (tea.Cmd, error) {
	at := shownMoment(d)
	d.Close()
	if !setMark(d, at, strings.TrimSpace(rest)) {
		d.Say(bus.Say, fmt.Sprintf("marked: %s%s; T shows the time line with all marks", d.Day(at), d.Clock(at, true)))
	}
	return func() tea.Msg { return nil }, nil
}

// setMark marks a moment. It says, and tells, where another mark had to leave for it.
func setMark(d *component.Deck, at time.Time, text string) (said bool) {
	if d.Recorder != nil {
		d.Recorder.Mark(at, text)
	}
	gone := d.Marks.Set(at, text)
	if gone == nil {
		return false
	}
	d.Say(bus.Warn, fmt.Sprintf("marked: %s%s; there may be %s marks, and so the oldest is gone: %s%s", d.Day(at), d.Clock(at, true),
		screen.Grouped(uint64(len(d.Marks.All()))), d.Day(gone.At), d.Clock(gone.At, true)))
	return true
}

// shownMoment is the moment that the time cursor stands on.
func shownMoment(d *component.Deck) time.Time {
	if d.Time.At() != 0 {
		if at, ok := d.Time.Time(); ok {
			return at
		}
	}
	return d.Now()
}
