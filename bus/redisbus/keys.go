package redisbus

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// How keys are polled: scanKeys keys a step, then resting restFactor times as long as the step took. stepGuess is how
// long a step with its rest takes before one was measured.
const (
	restFactor = 4
	stepGuess  = 5 * time.Millisecond
)

// keyStation is the keys that match a pattern.
func (b *Bus) keyStation(ctx context.Context, glob string) (bus.Station, error) {
	s := bus.Station{Name: written(bus.Keys, glob, false), Kind: bus.Keys, Readable: true, Replayable: true, Subjects: []string{glob}, Consumers: -1,
		Traits: bus.Traits{Separators: separators, Keyed: true, Write: "SET", ReadingVaries: true}}
	total, err := b.client.DBSize(ctx).Result()
	if err != nil {
		if !fault.Refused(err) {
			return bus.Station{}, fmt.Errorf("station %s: %w", s.Name, fault.Explain(err))
		}
		total = -1
	}
	lack := b.consent.lacking(ctx)
	if lack != nil && fault.Broken(lack.err) {
		return bus.Station{}, fmt.Errorf("station %s: %w", s.Name, fault.Explain(lack.err))
	}
	s.Reading = b.keyReading(glob, lack, total)
	if total >= 0 {
		s.Details = append(s.Details, bus.Detail{Name: "keys in the database", Value: strconv.FormatInt(total, 10)})
	}
	if lack != nil && lack.err == nil {
		s.Details = append(s.Details, bus.Detail{Name: "would be set", Value: lack.command()})
	}
	return s, nil
}

// keyReading says how keys are read, how far that can be behind, and what consent would change.
func (b *Bus) keyReading(glob string, lack *flags, total int64) string {
	listening := fmt.Sprintf("PSUBSCRIBE %s, then HGETALL or GET; what is written while nobody is connected is lost", b.keyChannel(glob))
	polling := fmt.Sprintf("SCAN every %s, up to %s behind; what is overwritten in between is not seen", b.pace.poll, b.behind(glob, total))
	switch {
	case lack == nil && b.consent.owed() != "":
		return listening + "; " + b.consent.owed()
	case lack == nil:
		return listening
	case lack.err != nil:
		return fmt.Sprintf("%s; CONFIG GET %s: %v", polling, setting, fault.Explain(lack.err))
	case b.consent.granted():
		return fmt.Sprintf("%s; by %s (now %q), put back at the end of the session", listening, lack.command(), lack.value)
	}
	return fmt.Sprintf("%s; with consent (--allow-config) by notifications, after %s (now %q), put back at the end of the session",
		polling, lack.command(), lack.value)
}

// keyChannel is the pattern of channels on which the server tells of keys.
func (b *Bus) keyChannel(glob string) string {
	return "__keyspace@" + strconv.Itoa(b.server.DB) + "__:" + glob
}

// behind is how old a change may be before polling sees it: as it was measured, or guessed from the number of keys.
func (b *Bus) behind(glob string, total int64) time.Duration {
	round, ok := b.rounds.Load(glob)
	if !ok {
		round = time.Duration(max(total, 0)/scanKeys+1) * stepGuess
	}
	return (b.pace.poll + 2*round.(time.Duration)).Round(100 * time.Millisecond)
}

// keyTime is when a key was made, if it ends in a ULID.
func keyTime(key string) (time.Time, bool) {
	id, err := ulid.ParseStrict(key[strings.LastIndexByte(key, ':')+1:])
	if err != nil || id.Time() < firstPlausible {
		return time.Time{}, false
	}
	return ulid.Time(id.Time()), true
}
