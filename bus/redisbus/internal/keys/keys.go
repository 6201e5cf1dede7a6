// Package keys watches keys that match a pattern: whenever a hash or a string among them is written, what it then holds is a
// message. It reads by keyspace notifications where the servers send them, or may be set to (Settings); else it looks at all
// keys again and again with SCAN. It never uses KEYS.
//
// All methods may be called from any goroutine. Those with a context block on the network until it ends at the latest. What
// was overwritten before it was read is not seen; what was deleted is a Gap where notifications told of it.
package keys

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/channels"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/names"
	"signalbox/bus/redisbus/internal/session"
)

// Keys are all keys of a session's database.
type Keys struct {
	Settings *Settings

	session  *session.Session
	channels *channels.Channels
	large    sync.Once // a hash that is too large was told of
	took     sync.Map  // pattern → how long the newest look at its keys took
}

// New makes the keys of a session. Notifications come by its channels.
func New(s *session.Session, c *channels.Channels, settings *Settings) *Keys {
	return &Keys{Settings: settings, session: s, channels: c}
}

// How keys are polled: scanKeys with each SCAN, then a rest of restFactor times as long as that took. stepGuess is how long
// both take together, before that was measured.
const (
	scanKeys   = 1000
	restFactor = 4
	stepGuess  = 5 * time.Millisecond
)

// Traits are those of every station of keys.
var Traits = bus.Traits{Separators: names.Separators, Gathers: true, Keyed: true, Write: "SET", ReadingVaries: true}

// Station describes the keys that match a pattern, and says how they would be read.
func (k *Keys) Station(ctx context.Context, glob string) (bus.Station, error) {
	s := bus.Station{Name: names.Write(bus.Keys, glob, false), Kind: bus.Keys, Readable: true, Replayable: true, Subjects: []string{glob}, Consumers: -1,
		Traits: Traits}
	total, err := k.session.Servers.Client.DBSize(ctx).Result()
	if err != nil {
		if !fault.Refused(err) {
			return bus.Station{}, fmt.Errorf("station %s: %w", s.Name, fault.Explain(err))
		}
		total = -1
	}
	missing := k.Settings.Insufficient(ctx)
	if missing != nil && fault.Broken(missing.Err) {
		return bus.Station{}, fmt.Errorf("station %s: %w", s.Name, fault.Explain(missing.Err))
	}
	s.Reading = k.reading(glob, missing, total)
	if total >= 0 {
		s.Details = append(s.Details, bus.Detail{Name: "keys in the database", Value: strconv.FormatInt(total, 10)})
	}
	if missing != nil && missing.Err == nil {
		s.Details = append(s.Details, bus.Detail{Name: "would be set", Value: missing.Command()})
	}
	return s, nil
}

// reading says how keys are read, how far that can be behind, and what would change if settings might be changed.
func (k *Keys) reading(glob string, missing *Setting, total int64) string {
	listening := fmt.Sprintf("PSUBSCRIBE %s, then HGETALL or GET; what is written while nobody is connected is lost", k.channel(glob))
	polling := fmt.Sprintf("SCAN every %s, up to %s behind; of keys that are known %d are read again each time, and what is overwritten in between is not seen",
		k.session.Pace.Poll, k.behind(glob, total), againAtOnce)
	switch {
	case missing == nil && k.Settings.Changes() != "":
		return listening + "; " + k.Settings.Changes()
	case missing == nil:
		return listening
	case missing.Err != nil:
		return fmt.Sprintf("%s; CONFIG GET %s: %v", polling, SettingName, fault.Explain(missing.Err))
	case k.Settings.Allowed():
		return fmt.Sprintf("%s; by %s (now %q), put back at the end of the session", listening, missing.Command(), missing.Value)
	}
	return fmt.Sprintf("%s; with consent (--allow-config) by notifications, after %s (now %q), put back at the end of the session",
		polling, missing.Command(), missing.Value)
}

// channel is the pattern of the channels on which the servers notify of keys.
func (k *Keys) channel(glob string) string {
	return "__keyspace@" + strconv.Itoa(k.session.Servers.Database()) + "__:" + glob
}

// behind is how old a change may be before polling sees it: as it was measured, or guessed from the number of keys.
func (k *Keys) behind(glob string, total int64) time.Duration {
	took, ok := k.took.Load(glob)
	if !ok {
		took = time.Duration(max(total, 0)/scanKeys+1) * stepGuess
	}
	return (k.session.Pace.Poll + 2*took.(time.Duration)).Round(min(k.session.Pace.Poll, time.Second))
}

// keyTime is when a key was made; false unless it ends in a ULID.
func keyTime(key string) (time.Time, bool) {
	id, err := ulid.ParseStrict(key[strings.LastIndexByte(key, ':')+1:])
	if err != nil || id.Time() < entries.FirstTime {
		return time.Time{}, false
	}
	return ulid.Time(id.Time()), true
}
