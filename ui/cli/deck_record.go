package cli

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/recording"
	"signalbox/ui/deck"
	"signalbox/ui/screen"
)

// recorder records what passes while the deck is shown, into files that are named by the time. Any goroutine may call it.
type recorder struct {
	session *session
	masks   []string

	mu   sync.Mutex          // held for no longer than it takes to look
	at   *recording.Recorder // nil: none is written
	file string
}

// Begin implements deck.Recorder.
func (r *recorder) Begin() (string, error) {
	if _, on, _ := r.Recorded(); on {
		return "", errors.New("it is recorded already")
	}
	name := time.Now().Format("2006-01-02-150405") + recording.Extension
	at, err := recording.Create(name, recording.Options{Mask: r.masks})
	if err != nil {
		return "", creating(name, err)
	}
	r.session.closeAtEnd(at.Close)
	r.session.tap.Record(at)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at, r.file = at, name
	return "recording to " + name, nil
}

// End implements deck.Recorder.
func (r *recorder) End() (string, error) {
	r.mu.Lock()
	at, file := r.at, r.file
	r.at = nil
	r.mu.Unlock()
	if at == nil {
		return "", errors.New("nothing is recorded")
	}
	r.session.tap.Record(nil)
	err, n := at.Close(), at.Counts()
	said := fmt.Sprintf("recorded %s in %s", screen.Plural(n.Messages, "message"), file)
	if err != nil {
		return "", fmt.Errorf("%s, and no more: %w", said, pathless(err))
	}
	if n.Lost > 0 {
		said += fmt.Sprintf("; %s could not be written in time", screen.Plural(n.Lost, "message"))
	}
	if unmet := at.Unmet(); n.Messages > 0 && len(unmet) > 0 {
		said += "; nothing was replaced by the mask " + screen.Clean(strings.Join(unmet, ", "))
	}
	return said, nil
}

// Recorded implements deck.Recorder.
func (r *recorder) Recorded() (messages uint64, on bool, failed error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at == nil {
		return 0, false, nil
	}
	n := r.at.Counts()
	return n.Messages, true, pathless(n.Err)
}

// Mark implements deck.Recorder.
func (r *recorder) Mark(at time.Time, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at != nil {
		r.at.Mark(at, name)
	}
}

// marksOf are the moments with names in the recordings among buses.
func marksOf(s *session) (all []deck.Moment, err error) {
	for _, b := range s.buses {
		if file, ok := bus.As[*recording.Bus](b); ok {
			marks, err := file.Marks(s.life)
			if err != nil {
				return nil, err
			}
			for _, told := range []bool{false, true} { // where there are too many, what was marked goes before what was told
				for _, m := range marks {
					if m.Told == told {
						all = append(all, deck.Moment{At: m.At, Text: m.Name, Sent: m.Sent})
					}
				}
			}
		}
	}
	return all, nil
}
