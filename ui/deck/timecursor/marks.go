package timecursor

import (
	"slices"
	"time"
)

// Marks are moments that somebody marked, or at which something was sent from here; in the order in which they came.
type Marks struct{ all []Mark }

// Mark is one of them.
type Mark struct {
	At   time.Time
	Sent bool   // something was sent from here then; else somebody marked it
	Text string // what was sent, or the name that the mark was given
}

// mostMarks bounds the marks. Those of what was sent leave first, the oldest before the others.
const mostMarks = 1000

// Set marks a moment. Where another mark that somebody set had to leave for it, it is returned.
func (m *Marks) Set(at time.Time, text string) (gone *Mark) {
	if len(m.all) >= mostMarks && !m.forgetSent() {
		gone = &m.all[0]
		m.all = m.all[1:]
	}
	m.all = append(m.all, Mark{At: at, Text: text})
	return gone
}

// Add adds a mark of either sort, unless there are as many already.
func (m *Marks) Add(mark Mark) {
	if len(m.all) < mostMarks {
		m.all = append(m.all, mark)
	}
}

// Sent notes that something was sent, unless there are as many marks already that somebody set.
func (m *Marks) Sent(at time.Time, what string) {
	if len(m.all) < mostMarks || m.forgetSent() {
		m.all = append(m.all, Mark{At: at, Sent: true, Text: what})
	}
}

// forgetSent takes the oldest mark of what was sent away, if there is one.
func (m *Marks) forgetSent() bool {
	i := slices.IndexFunc(m.all, func(x Mark) bool { return x.Sent })
	if i < 0 {
		return false
	}
	m.all = slices.Delete(slices.Clone(m.all), i, i+1) // what was handed out by All stays as it is
	return true
}

// Clear takes away what somebody marked between two times, and tells whether there was anything.
func (m *Marks) Clear(from, to time.Time) bool {
	left := m.all[:0:0]
	for _, x := range m.all {
		if x.Sent || x.At.Before(from) || !x.At.Before(to) {
			left = append(left, x)
		}
	}
	cleared := len(left) < len(m.all)
	m.all = left
	return cleared
}

// All are the marks.
func (m *Marks) All() []Mark { return m.all }
