package control

import (
	"context"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/memphisbus/internal/schema"
)

// updates is followed by the name of a station: what happens to its schema.
const updates = "$memphis_schema_updates_"

// Bounds: of how many stations the schema is remembered, and of how much of an update may wait.
const (
	mostRemembered = 200
	updateBuffer   = 1 << 20
)

// Listen calls handle for each message on a subject, until the connection is closed.
type Listen func(ctx context.Context, subject string, bytes int, handle func(*nats.Msg)) error

// Schemas remembers which schemas stations have: Memphis is asked once for each, and tells what happens to it from then on.
type Schemas struct {
	client *Client
	listen Listen
	since  func() time.Time // when the connection was made, or made again

	asking   sync.Mutex      // held by whoever asks Memphis
	followed map[string]bool // stations whose updates are listened to

	mu    sync.Mutex
	at    time.Time                // since when known was told
	known map[string]schema.Schema // by station
}

// NewSchemas makes an empty memory. It is empty again whenever since tells another time: what happened meanwhile was not heard.
func NewSchemas(c *Client, listen Listen, since func() time.Time) *Schemas {
	return &Schemas{client: c, listen: listen, since: since, followed: map[string]bool{}, known: map[string]schema.Schema{}}
}

// Of is the schema of a station that there is; the zero Schema is none. It may write: see Describe.
func (s *Schemas) Of(ctx context.Context, station string) (schema.Schema, error) {
	s.asking.Lock()
	defer s.asking.Unlock()
	if x, known := s.Known(station); known {
		return x, nil
	}
	if !s.followed[station] && len(s.followed) < mostRemembered {
		if err := s.listen(ctx, updates+names.Internal(station), updateBuffer, func(m *nats.Msg) { s.take(station, m.Data) }); err != nil {
			return schema.Schema{}, err
		}
		s.followed[station] = true
	}
	x, err := s.client.Describe(ctx, station)
	if err == nil && s.followed[station] {
		s.keep(station, x)
	}
	return x, err
}

// Known is the schema of a station as far as it was told already; it does not ask.
func (s *Schemas) Known(station string) (schema.Schema, bool) {
	since := s.since()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !since.Equal(s.at) {
		s.at = since
		clear(s.known)
	}
	x, known := s.known[station]
	return x, known
}

func (s *Schemas) keep(station string, x schema.Schema) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[station] = x
}

// take takes in an update. What cannot be read has it asked for again.
func (s *Schemas) take(station string, data []byte) {
	x, err := schema.Update(data)
	if err == nil {
		s.keep(station, x)
		return
	}
	s.Forget(station)
}

// Forget has the schema of a station asked for again: when the station was removed, another may be made with its name.
func (s *Schemas) Forget(station string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, station)
}
