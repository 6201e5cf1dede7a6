package component

import (
	"time"

	"signalbox/ui/screen"
)

// wideSign is how wide a pane is that has room for the whole sign beside what its title says.
const wideSign = 90

// Sign is what says of a pane of some width that it shows an earlier moment, which, and how long ago that was; past is false
// while it shows now.
func (d *Deck) Sign(width int) (sign screen.Chip, past bool) {
	if d.Time.At() == 0 {
		return sign, false
	}
	word := "past"
	if !d.Time.Earlier() {
		word = "frozen"
	}
	at, known := d.Time.Time()
	going := d.Snapshot().Going
	switch {
	case going != nil && going.Failed == "":
		return screen.Chip{Style: d.Theme.Flag, Text: " going there · " + percent(going.Part) + " ", Least: " " + percent(going.Part) + " "}, true
	case !known:
		return screen.Chip{Style: d.Theme.Flag, Text: " " + word + " "}, true
	case width < wideSign:
		return screen.Chip{Style: d.Theme.Flag, Text: " " + d.Clock(at, false) + " · " + d.Ago(at) + " ", Least: " " + d.Clock(at, false) + " "}, true
	}
	text := " " + word + " · " + d.Day(at) + d.Clock(at, true)
	return screen.Chip{Style: d.Theme.Flag, Text: text + " · " + d.Ago(at) + " ", Least: text + " "}, true
}

// OfNow says of a list that nobody keeps of earlier moments that it is of now, while the deck shows one; else it is empty.
func (d *Deck) OfNow() []string {
	if !d.Time.Earlier() {
		return nil
	}
	return []string{"of now, not of the past"}
}

// Ago is how long ago something was.
func (d *Deck) Ago(at time.Time) string {
	if since := d.Now().Sub(at); since >= time.Second {
		return screen.Duration(since) + " ago"
	}
	return "just now"
}

// Day is the date of a moment, with a space behind it; "" when that is today.
func (d *Deck) Day(at time.Time) string {
	now := d.Now()
	if at = at.In(now.Location()); at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return ""
	}
	return at.Format("2006-01-02 ")
}

// Unsampled tells whether nobody looked at stations and consumers at the moment that is shown, and says so.
func (d *Deck) Unsampled() (why string, unsampled bool) {
	then := d.Steady().Then
	if then == nil || !then.Sampled.IsZero() {
		return "", false
	}
	if then.Since.IsZero() {
		return "not sampled then", true
	}
	return "not sampled then: looked at from " + d.Day(then.Since) + d.Clock(then.Since, false) + " on", true
}

// mostApart is how far a sample may lie from the moment shown without that being said.
const mostApart = 3 * time.Second

// SampledAt says when stations and consumers were looked at as they are shown, where that is not the moment shown; else "".
func (d *Deck) SampledAt() string {
	then := d.Steady().Then
	if then == nil || then.Sampled.IsZero() || then.Time.IsZero() {
		return ""
	}
	if apart := then.Time.Sub(then.Sampled); apart > mostApart || apart < -mostApart {
		return "sampled " + d.Clock(then.Sampled, false)
	}
	return ""
}
