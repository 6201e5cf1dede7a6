package deadletters

import (
	"context"
	"encoding/json"
	"errors"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/names"
)

// refusals is where clients say what a member refuses for good.
const refusals = "$memphis_nacked_dls"

// whyTerminated is why a refused message is dead, with what the member said behind it.
const whyTerminated = "terminated"

// refusal is what a client said of a message that a member refused.
type refusal struct {
	at      place
	why     string
	asked   bool         // for the message
	message *bus.Message // nil when it is not known
}

// read reads what a client said.
func read(data []byte) (*refusal, bool) {
	var said struct {
		Station   string `json:"station_name"`
		Error     string `json:"error"`
		Partition int    `json:"partition"`
		Group     string `json:"cg_name"`
		Sequence  uint64 `json:"seq"`
	}
	if json.Unmarshal(data, &said) != nil || said.Station == "" || said.Group == "" || said.Sequence == 0 || said.Partition < 0 {
		return nil, false
	}
	x := &refusal{at: place{names.Stream(said.Station, said.Partition), names.Consumer(said.Group), said.Sequence}, why: whyTerminated}
	if said.Error != "" {
		x.why += ": " + said.Error
	}
	return x, true
}

// take keeps a refusal; when there are too many the oldest go.
func (l *Log) take(data []byte) {
	x, ok := read(data)
	if !ok {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refusals = append(l.refusals, x)
	if n := len(l.refusals); n > mostRefusals {
		l.refusals = append([]*refusal(nil), l.refusals[n-mostRefusals:]...)
	}
}

// addRefusals says why letters are dead that are known, and adds those of which the server said nothing.
func (l *Log) addRefusals(ctx context.Context, letters []bus.DeadLetter, known map[place]int, where map[string]partition, left *int) []bus.DeadLetter {
	l.mu.Lock()
	all := l.refusals
	l.mu.Unlock()
	for _, x := range all {
		if i, ok := known[x.at]; ok {
			letters[i].Standing, letters[i].Why = bus.Terminated, x.why
			continue
		}
		p, ok := where[x.at.stream]
		if !ok {
			continue
		}
		if !x.asked && *left > 0 {
			*left--
			m, err := l.Server.Message(ctx, p.Info, x.at.sequence)
			if x.asked = err == nil || errors.Is(err, bus.ErrMissing) || errors.Is(err, bus.ErrRefused); err == nil {
				x.message = &m
			}
		}
		d := bus.DeadLetter{Standing: bus.Terminated, Consumer: x.at.consumer, Position: bus.Position{Major: x.at.sequence},
			Deliveries: -1, Why: x.why, Message: x.message}
		if x.message != nil {
			d.UnixNano = x.message.UnixNano
		}
		p.translate(&d)
		known[x.at] = len(letters)
		letters = append(letters, d)
	}
	return letters
}
