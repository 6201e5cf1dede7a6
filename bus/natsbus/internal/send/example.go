package send

import (
	"context"
	"strings"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/subjects"
)

// example is a subject that a station takes: the one with the most messages, also of the stream that takes what the station
// stands for; else its own with words to fill in, which nobody sends by mistake: a server refuses no word that is made up.
func (s *Sender) example(ctx context.Context, station *bus.Station) string {
	if len(station.BySubject) > 0 {
		return station.BySubject[0].Subject
	}
	pattern := station.Subjects[0]
	if stream, err := s.js.StreamOf(ctx, pattern); err == nil && stream != "" {
		stored, err := s.stations.Resolve(ctx, s.js.StationName(stream))
		for i := 0; err == nil && i < len(stored.BySubject); i++ {
			if subject := stored.BySubject[i].Subject; subjects.Matches(pattern, subject) {
				return subject
			}
		}
	}
	words := strings.Split(pattern, ".")
	for i, word := range words {
		switch word {
		case "*":
			words[i] = "<word>"
		case ">":
			words[i] = "<words>"
		}
	}
	return strings.Join(words, ".")
}
