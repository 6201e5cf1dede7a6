package output

import (
	"signalbox/bus"
	"signalbox/sources"
)

// OfferLine is as JSON what nobody named and can be read as a station.
type OfferLine struct {
	Bus      string   `json:"bus"`
	Name     string   `json:"name"`
	Kind     bus.Kind `json:"kind"`
	Readable bool     `json:"readable"` // false: it is read only when it is named
	Offer    string   `json:"offer"`    // in words
	Keys     int      `json:"keys"`     // about
	Domain   string   `json:"domain,omitempty"`
	Entity   string   `json:"entity,omitempty"` // the kind of the entities whose events they look like
}

// OfferJSON is an offer of the bus of that name.
func OfferJSON(busName string, o sources.Offer) OfferLine {
	return OfferLine{Bus: busName, Name: o.Station, Kind: o.Source, Offer: o.Text(), Keys: o.Keys, Domain: o.Domain, Entity: o.Kind}
}
