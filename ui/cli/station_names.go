package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"signalbox/bus"
	"signalbox/scenarios/nearest"
)

// checkStations refuses what was named as a station of a bus and is none: where something is there that was most likely
// meant, and where it can only be a stream that is to be read. A word that nothing there is like is taken as it is, which is
// said: it may be a subject or channel that nobody has used yet. With --wait nothing is refused. known are the names of
// stations that domains tell of.
func (o *options) checkStations(ctx context.Context, b bus.Bus, names, known []string, reading bool) error {
	if len(names) == 0 || o.wait {
		return nil
	}
	found, _ := b.Stations(ctx, names...) // what cannot be told of is not judged
	var presumed []bus.Station
	for _, s := range found {
		if s.Presumed && !slices.Contains(known, s.Name) {
			presumed = append(presumed, s)
		}
	}
	if len(presumed) == 0 {
		return nil
	}
	words := wordsThere(ctx, b)
	var missing []string
	for i := range presumed {
		s := &presumed[i]
		near := nearest.Misspelt(s.Name, words)
		switch {
		case slices.Contains(words, s.Name):
		case near != "":
			missing = append(missing, fmt.Sprintf("there is no station %s on %s; did you mean %s? (--wait takes it as it is)", s.Name, b.Info().Name, near))
		case s.Replayable && reading:
			missing = append(missing, fmt.Sprintf("there is no stream %s on %s%s (--wait reads it once it is there)", s.Name, b.Info().Name,
				nearest.Question(s.Name, words)))
		case reading && len(words) > 0:
			text := fmt.Sprintf("nothing on %s is called %s so far: it is taken for a %s%s", b.Info().Name, s.Name, s.Kind.Words(),
				nearest.Question(s.Name, append(words, known...)))
			if !slices.Contains(o.takenFor, text) {
				o.takenFor = append(o.takenFor, text)
				o.warn(text)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return failf("%s", strings.Join(missing, "\n"))
}

// wordsThere are the names of the stations of a bus, and the subjects of theirs that are single words.
func wordsThere(ctx context.Context, b bus.Bus) []string {
	there, _ := b.Stations(ctx) // what cannot be listed is not what was meant
	var words []string
	for i := range there {
		s := &there[i]
		if s.Presumed {
			continue
		}
		words = append(words, s.Name)
		for _, subject := range s.Subjects {
			if subject != s.Name && !strings.ContainsAny(subject, ".*>$") {
				words = append(words, subject)
			}
		}
	}
	return words
}
