package scripts

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/deck/component"
)

// Sending is a message that a script has sent, with what came of it.
type Sending struct {
	script.Sent
	Step *sources.HistoryStep // the event that it became; nil while that has not come
	Is   sources.EntityRow    // the entity since then
	read []string             // who read the station that keeps it, when the script had ended; nil before that
}

// readBy takes who read the station, as the script told at its end.
func (s *Sending) readBy(sent []script.Destination) {
	for i := range sent {
		if to := &sent[i]; to.Stored && to.Name == s.Receipt.Station && !to.Unknown {
			s.read = append([]string{}, to.Receivers...)
		}
	}
}

// mostAsked bounds the questions after the end: what was sent last may still be on its way.
const mostAsked = 90

// follow asks what came of what was sent last, until that is known. One question is open at a time; the next is asked with the next
// snapshot.
func (r *Run) follow(d *component.Deck) tea.Cmd {
	about := r.subject()
	if r.asking || about.IsZero() || r.ended && r.asked >= mostAsked {
		return nil
	}
	r.asking = true
	if r.ended {
		r.asked++
	}
	return component.Fetch(d, func(ctx context.Context) (*sources.EntityDetail, error) {
		return d.Engine.Entity(ctx, about, 0)
	}, func(detail *sources.EntityDetail) tea.Cmd {
		r.asking = false
		if detail != nil {
			r.match(detail)
		}
		return nil
	})
}

// match finds the events of an entity that messages became, each once and in order.
func (r *Run) match(detail *sources.EntityDetail) {
	used := map[uint64]bool{}
	for i := range r.sent {
		s := &r.sent[i]
		if s.Entity != detail.Entity {
			continue
		}
		if s.Step == nil {
			s.Step = s.in(detail.History, used)
		}
		if s.Step != nil {
			used[s.Step.Number], s.Is = true, detail.EntityRow
		}
	}
}

// in finds the event that the message became: the first of its type since it was sent, at its place where that is known.
func (s *Sending) in(history []sources.HistoryStep, used map[uint64]bool) *sources.HistoryStep {
	for i := range history {
		h := &history[i]
		at := s.Receipt.Position
		if h.Number > s.After && !sources.IsEarlier(h.Number) && h.Type == s.Type && !used[h.Number] &&
			(at.IsZero() || h.Position.IsZero() || h.Position == at) {
			return h
		}
	}
	return nil
}
