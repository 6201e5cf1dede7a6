// Package examine finds out what a session may do on its server, and what it would touch. Run waits for the server and
// changes nothing on it.
package examine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/feeds"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/levers"
	"signalbox/bus/natsbus/internal/stations"
	"signalbox/bus/natsbus/internal/subjects"
)

// Sections of an examination.
const (
	sectionServer  = "server"
	sectionRights  = "rights"
	sectionReading = "reading"
	sectionTrace   = "trace"
)

// Session is what is examined.
type Session struct {
	Core      *core.Client
	Streams   *jsapi.Client
	Stations  *stations.Lister
	Feeds     *feeds.Set
	Info      bus.Info
	User      string // that the URL names with a password, or ""
	Encrypted bool   // what goes to the server and comes from it
}

// examination collects findings.
type examination struct {
	Session
	findings []bus.Finding
}

func (e *examination) say(section, name, format string, args ...any) {
	e.add(section, name, bus.Say, format, args...)
}

func (e *examination) add(section, name string, level bus.Level, format string, args ...any) {
	e.findings = append(e.findings, bus.Finding{Section: section, Name: name, Value: fmt.Sprintf(format, args...), Level: level})
}

// Run tells about the server, what the user may do, how each stream would be read, and what stays of a session.
// Rights are found by requests that the server refuses as malformed when the user has the right, by subscriptions that
// end at once, and by what the server tells of the user. Nothing is sent to a subject that anybody else listens to.
func Run(ctx context.Context, s Session) []bus.Finding {
	e := &examination{Session: s}
	e.server()
	has := e.jetStream(ctx)
	e.rights(ctx, has)
	if has {
		e.reading(ctx)
	}
	e.trace(has)
	return e.findings
}

func (e *examination) server() {
	conn := e.Core.Conn
	if !conn.IsConnected() {
		e.add(sectionServer, "connection", bus.Fail, "down: %s", e.Info.Detail)
		return
	}
	e.say(sectionServer, "server", "nats-server %s, %s", conn.ConnectedServerVersion(), conn.ConnectedServerName())
	if cluster := conn.ConnectedClusterName(); cluster != "" {
		e.say(sectionServer, "cluster", "%s", cluster)
	}
	if !e.Info.Embedded {
		address := bus.Redact(conn.ConnectedUrlRedacted())
		if rest, is := strings.CutPrefix(address, "ws://"); is && e.Encrypted { // the client library does not know
			address = "wss://" + rest
		}
		e.say(sectionServer, "address", "%s", address)
	}
	if e.Encrypted {
		e.say(sectionServer, "encrypted", "yes")
	} else {
		e.say(sectionServer, "encrypted", "no")
	}
	if trip, err := conn.RTT(); err == nil {
		e.say(sectionServer, "round trip", "%s", trip.Round(10*time.Microsecond))
	}
	e.say(sectionServer, "largest message", "%d bytes", conn.MaxPayload())
	for _, lacking := range []struct{ version, name, text string }{
		{levers.CanFilterOften, "filters", "a consumer has one filter"},
		{levers.CanPause, "pausing", "consumers cannot be paused"},
	} {
		if !e.Core.ServerHas(lacking.version) {
			e.add(sectionServer, lacking.name, bus.Warn, "%s: that needs nats-server %s", lacking.text, lacking.version)
		}
	}
}

// jetStream tells whether there is JetStream, and what the account may use of it.
func (e *examination) jetStream(ctx context.Context) bool {
	var account jetstream.AccountInfo
	err := e.Streams.Do(ctx, "INFO", nil, &account)
	switch {
	case errors.Is(err, jsapi.ErrNone) && e.Streams.NotFound() != nil:
		e.add(sectionServer, "JetStream", bus.Fail, "%v", e.Streams.NotFound())
		return false
	case errors.Is(err, jsapi.ErrNone):
		e.say(sectionServer, "JetStream", "no: there are subjects, and nothing is stored")
		return false
	case errors.Is(err, bus.ErrRefused):
		e.add(sectionServer, "JetStream", bus.Warn, "yes; this user may not ask for the account's limits")
		return true
	case err != nil:
		e.add(sectionServer, "JetStream", bus.Fail, "%v", err)
		return false
	}
	text := "yes"
	if account.Domain != "" {
		text += ", in the domain " + account.Domain
	}
	e.say(sectionServer, "JetStream", "%s", text)
	limits := account.Limits
	e.say(sectionServer, "memory", "%d bytes used, of %s", account.Memory, limit(limits.MaxMemory))
	e.say(sectionServer, "storage", "%d bytes used, of %s", account.Store, limit(limits.MaxStore))
	e.say(sectionServer, "streams", "%d, of %s", account.Streams, limit(int64(limits.MaxStreams)))
	e.say(sectionServer, "consumers", "%d, of %s", account.Consumers, limit(int64(limits.MaxConsumers)))
	return true
}

// limit writes a limit of an account, where 0 is a limit, too.
func limit(n int64) string {
	if n < 0 {
		return "unlimited"
	}
	return strconv.FormatInt(n, 10)
}

// maxExamined bounds how many streams are tried out.
const maxExamined = 100

// reading tells for each stream how it would be read, and whether that is allowed.
func (e *examination) reading(ctx context.Context) {
	streams, err := e.Streams.Streams(ctx)
	switch {
	case errors.Is(err, bus.ErrRefused):
		e.add(sectionReading, "streams", bus.Warn, "this user does not see them all: %v", err)
	case err != nil:
		e.add(sectionReading, "streams", bus.Fail, "they cannot all be listed: %v", err)
	}
	if len(streams) == 0 && err == nil {
		e.say(sectionReading, "streams", "none that this user can see")
	}
	for i, info := range streams {
		if i == maxExamined {
			e.say(sectionReading, "and", "%d more", len(streams)-i)
			break
		}
		limit := e.Streams.ConsumerLimit(ctx, info)
		s := stations.Describe(info, limit)
		name := e.Streams.StationName(info.Config.Name)
		if err := e.readable(ctx, s, info, limit == ""); err != nil {
			e.add(sectionReading, name, bus.Fail, "cannot be read: %v", err)
			continue
		}
		e.say(sectionReading, name, "%s", s.Reading)
	}
}

func (e *examination) readable(ctx context.Context, s bus.Station, info *jetstream.StreamInfo, byConsumer bool) error {
	stream := info.Config.Name
	switch {
	case !s.Readable:
		return nil
	case feeds.Consumable(info) && byConsumer:
		for _, what := range []string{"CONSUMER.CREATE.", "CONSUMER.MSG.NEXT."} {
			if err := e.may(ctx, e.Streams.Subject(what+stream+".signalbox-examines")); err != nil {
				return err
			}
		}
		return nil
	}
	if err := e.may(ctx, e.Streams.Subject("STREAM.MSG.GET."+stream)); err != nil || feeds.Consumable(info) {
		return err
	}
	for _, subject := range info.Config.Subjects {
		if subjects.TakesInboxes(subject) {
			continue
		}
		if err := e.mayListen(ctx, subject); err != nil {
			return err
		}
	}
	return nil
}

// trace tells what stays of a session.
func (e *examination) trace(jetStream bool) {
	e.say(sectionTrace, "afterwards", "nothing stays")
	if jetStream {
		e.say(sectionTrace, "while it reads", "a consumer in memory for each stream with limits, without acknowledgements: "+
			"removed at the end, and by the server within %s of a crash", feeds.Inactivity)
		e.say(sectionTrace, "limits", "no consumer where a stream or the account may have only so many: such streams are read by single gets")
		e.say(sectionTrace, "queues", "no consumer on work-queue and interest streams: nothing is kept, or taken, because of the session")
	}
	feeding, consumers := e.Feeds.Counts()
	e.say(sectionTrace, "at the moment", "%d stations read, with %d consumers", feeding, consumers)
}
