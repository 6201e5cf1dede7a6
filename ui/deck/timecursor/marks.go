package timecursor

import "time"

// Marks are moments that somebody marked, or at which something was sent from here; in the order in which they came.
type Marks struct{ all []Mark }

// Mark is one of them.
type Mark struct {
	At   time.Time
	Sent bool   // something was sent from here then; else somebody marked it
	Text string // what was sent, or the name that the mark was given
}

// mostMarks bounds the marks; the oldest leave.
const mostMarks = 1000

// Set marks a moment.
func (m *Marks) Set(at time.Time, text string) { m.add(Mark{At: at, Text: text}) }

// Sent notes that something was sent.
func (m *Marks) Sent(at time.Time, what string) { m.add(Mark{At: at, Sent: true, Text: what}) }

func (m *Marks) add(x Mark) {
	m.all = append(m.all[max(0, len(m.all)-mostMarks+1):], x)
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
