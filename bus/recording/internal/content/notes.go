package content

import (
	"bytes"
	"encoding/json"
	"time"

	"signalbox/bus"
)

// Note is one line of JSON. Of its members those are there that it is about.
type Note struct {
	Time time.Time `json:"time"`
	Bus  int       `json:"bus"` // by its number; -1 for none

	Begins   *Info     `json:"begins,omitempty"`   // this is a bus
	Station  *Station  `json:"station,omitempty"`  // this is a station of it
	Figures  *Figures  `json:"figures,omitempty"`  // how stations and consumers were
	Letters  *Letters  `json:"letters,omitempty"`  // what became another about the dead letters of a bus
	Notice   *Notice   `json:"notice,omitempty"`   // what people were told
	Injected *Injected `json:"injected,omitempty"` // what was sent from here
	Mark     *Mark     `json:"mark,omitempty"`     // a moment that somebody named
}

// Info is what is kept of a bus: nothing of it is secret.
type Info struct {
	Name   string `json:"name"`
	Scheme string `json:"scheme"`
	URL    string `json:"url"`
	Server string `json:"server"`
}

// Station is a station, by its number in the recording.
type Station struct {
	Number int         `json:"number"`
	From   string      `json:"from"` // where reading it began, as bus.ParseFrom reads it
	Facts  bus.Station `json:"facts"`
}

// Figures are what a bus told at one time. What is nil was not asked for.
type Figures struct {
	Stations  []StationFigures `json:"stations,omitempty"`
	Consumers []bus.Consumer   `json:"consumers"`
}

// StationFigures are what changes of a station.
type StationFigures struct {
	Number    int          `json:"number"`
	Messages  uint64       `json:"messages"`
	Bytes     uint64       `json:"bytes"`
	Consumers int          `json:"consumers"`
	First     bus.Position `json:"first"`
	Last      bus.Position `json:"last"`
}

// Letters are the dead letters that a bus listed for the first time or as something else than before, and those that it lists no more.
type Letters struct {
	Listed []bus.DeadLetter `json:"listed,omitempty"`
	Gone   []LetterKey      `json:"gone,omitempty"`
}

// LetterKey tells dead letters of a bus apart.
type LetterKey struct {
	Station  string       `json:"station"`
	Consumer string       `json:"consumer"`
	Position bus.Position `json:"position"`
}

// KeyOf is that of a dead letter.
func KeyOf(l *bus.DeadLetter) LetterKey { return LetterKey{l.Station, l.Consumer, l.Position} }

// Notice is what people were told.
type Notice struct {
	Level   bus.Level `json:"level"`
	Station string    `json:"station,omitempty"`
	Text    string    `json:"text"`
}

// Injected is what was sent.
type Injected struct {
	Station string      `json:"station"`
	Subject string      `json:"subject,omitempty"`
	Headers bus.Headers `json:"headers,omitempty"`
	Data    []byte      `json:"data"`
	ID      string      `json:"id,omitempty"`
	Receipt string      `json:"receipt,omitempty"`
	Error   string      `json:"error,omitempty"`
}

// Mark is a moment with a name.
type Mark struct {
	At   time.Time `json:"at"`
	Name string    `json:"name"`
}

// Append appends the note as a line.
func (n *Note) Append(to []byte) ([]byte, error) {
	line, err := json.Marshal(n)
	return append(append(to, line...), '\n'), err
}

// EachNote hands out notes until yield returns false. Lines that are none are left out: a later version may write others.
func EachNote(from []byte, yield func(*Note) bool) {
	for line := range bytes.Lines(from) {
		var n Note
		if json.Unmarshal(line, &n) == nil && !yield(&n) {
			return
		}
	}
}
