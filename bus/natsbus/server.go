package natsbus

import (
	"cmp"
	"context"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/feeds"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/stations"
)

// Server is the connected server as a bus needs it that stands around this one: another product's names and rules on a server
// of NATS. What a user may not is an error that wraps bus.ErrRefused, and comes at once. All methods may be called from any
// goroutine and wait for the server, for each answer five seconds at most.
type Server struct {
	core     *core.Client
	js       *jsapi.Client
	feeds    *feeds.Set
	stations *stations.Lister
	notices  *bus.NoticeBuffer
	user     string
}

// Server is the connected server.
func (b *Bus) Server() *Server {
	return &Server{core: b.core, js: b.js, feeds: b.feeds, stations: b.stations, notices: b.notices, user: b.options.userName()}
}

// Vague says that the server does not say which subject it refuses. It is said before anything is asked that it may refuse.
func (s *Server) Vague() { s.core.Vague() }

// Request sends a message and waits for its answer.
func (s *Server) Request(ctx context.Context, m *nats.Msg) (*nats.Msg, error) {
	return s.core.Request(ctx, m)
}

// Send sends a message that nobody need answer, and waits until the server has taken it.
func (s *Server) Send(ctx context.Context, m *nats.Msg) error { return s.core.Send(ctx, m) }

// User is who is connected: the name that was given, or that Memphis looks for behind the client's name when a token was.
func (s *Server) User() string {
	_, behind, _ := strings.Cut(s.core.Conn.Opts.Name, "::")
	return cmp.Or(behind, s.user)
}

// MaxPayload is how many bytes a message may have.
func (s *Server) MaxPayload() int64 { return s.core.Conn.MaxPayload() }

// Subscription is a subject that is listened to. Stop ends it, and waits for the function that is called for its messages.
type Subscription interface{ Stop() error }

// Listen calls handle for each message on a subject, one after the other, until the subscription is stopped or the bus
// closed. Up to so many bytes wait while handle is busy; what comes beyond is dropped.
func (s *Server) Listen(ctx context.Context, subject string, bytes int, handle func(*nats.Msg)) (Subscription, error) {
	sub, err := s.core.Listen(ctx, subject, bytes, handle)
	if err != nil {
		return nil, err
	}
	return sub, nil
}

// Ask asks the JetStream API, such as STREAM.NAMES: the request is written as JSON unless nil, the answer read from it. An
// answer that something does not exist wraps bus.ErrMissing.
func (s *Server) Ask(ctx context.Context, name string, request, response any) error {
	return s.js.Do(ctx, name, request, response)
}

// Streams lists all streams whose names do not begin with a $. A partial list comes with an error.
func (s *Server) Streams(ctx context.Context) ([]*jetstream.StreamInfo, error) {
	infos, err := s.js.Streams(ctx)
	s.feeds.Listed(infos)
	return infos, err
}

// Stream asks about one stream.
func (s *Server) Stream(ctx context.Context, name string) (*jetstream.StreamInfo, error) {
	info, err := s.js.Stream(ctx, name)
	if err == nil {
		s.feeds.Listed([]*jetstream.StreamInfo{info})
	}
	return info, err
}

// Station is the station that a stream is on the bus, without what the session itself has made there.
func (s *Server) Station(ctx context.Context, info *jetstream.StreamInfo) bus.Station {
	station := s.stations.Describe(ctx, info)
	station.Name = s.js.StationName(info.Config.Name)
	return station
}

// Message gets the message that a stream keeps at a sequence. Its position is that sequence.
func (s *Server) Message(ctx context.Context, stream *jetstream.StreamInfo, sequence uint64) (bus.Message, error) {
	return s.js.Message(ctx, stream, jsapi.Get{Sequence: sequence})
}

// Notice adds to the notices of the bus.
func (s *Server) Notice(level bus.Level, station, format string, args ...any) {
	s.notices.Add(level, station, format, args...)
}
