package component

import (
	"slices"
	"strings"

	"signalbox/bus/glob"
	"signalbox/sources"
)

// StationRow is a station by its key, as it was at the moment shown; nil when there is none.
func (d *Deck) StationRow(key string) *sources.StationRow {
	rows := d.Steady().Stations
	for i := range rows {
		if r := &rows[i]; r.Key == key && key != "" {
			return r
		}
	}
	return nil
}

// StationOf is the station that a consumer reads; nil when it is not listed.
func (d *Deck) StationOf(c *sources.ConsumerRow) *sources.StationRow {
	rows := d.Steady().Stations
	for i := range rows {
		if r := &rows[i]; r.Station.Name == c.Station && r.Bus == c.Bus {
			return r
		}
	}
	return nil
}

// ConsumerRow is a consumer by its key, as it was at the moment shown; nil when there is none.
func (d *Deck) ConsumerRow(key string) *sources.ConsumerRow {
	rows := d.Steady().Consumers
	for i := range rows {
		if r := &rows[i]; key != "" && ConsumerKey(r) == key {
			return r
		}
	}
	return nil
}

// ConsumerKey is what a consumer is known by while consumers come and go.
func ConsumerKey(r *sources.ConsumerRow) string { return r.Bus + "\x00" + r.Station + "\x00" + r.Name }

// HasStation tells whether a station is attached, by its name or as a part of what one gathers.
func (d *Deck) HasStation(name string) bool {
	return slices.ContainsFunc(d.Snapshot().Stations, func(r sources.StationRow) bool {
		return r.Detached.IsZero() && (strings.EqualFold(r.Station.Name, name) || r.Station.Gathers && glob.Match(r.Station.Name, name))
	})
}
