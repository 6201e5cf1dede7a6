package presenter

import (
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/script"
	"signalbox/ui/deck/component"
)

// Notes shows pages to whoever presents. Show must not wait; a page that comes before the last one was shown takes its place.
type Notes interface{ Show(Page) }

// Page is what whoever presents sees beside what the audience does. Pages compare with ==.
type Page struct {
	Script string
	Began  time.Time // zero: not yet
	Line   string    // that the audience sees
	Now    string    // what is done
	Waits  bool      // for a key
	Notes  string    // a line each
	Next   string    // the line after that, as it is written; "" for none
	At, Of int       // which line it is, and how many there are in steps of their own
	Ended  string    // how it ended, in words; "" while it has not
	Level  bus.Level // how good that is
}

// tell shows the page of this moment, if that is another.
func (v *View) tell(d *component.Deck) {
	if v.Notes == nil {
		return
	}
	if page := v.pageOf(d); page != v.page {
		v.page = page
		v.Notes.Show(page)
	}
}

func (v *View) pageOf(d *component.Deck) Page {
	page := Page{Script: v.Script.FullName(), Of: len(v.lines())}
	at := v.at()
	page.At = at + 1
	page.Next = v.nextLine(at)
	page.Notes = strings.Join(v.notes(at), "\n")
	if v.run == nil || v.again {
		return page
	}
	page.Began, page.Line, page.Waits = v.page.Began, v.run.Spoken(), v.run.Waits()
	if page.Began.IsZero() {
		page.Began = d.Now()
	}
	if now := v.run.Now(); now != nil && !page.Waits {
		page.Now = doing(now)
	}
	if v.run.Ended() {
		page.Level, page.Ended = v.run.Verdict()
	}
	return page
}

// doing is what a step does; of one that holds others, the one under way.
func doing(p *script.Progress) string {
	if p.Inner != nil {
		return p.Inner.Path + ": " + p.Inner.Text
	}
	return p.Text
}

// lines are the steps that say something, by their indices; of a script that says nothing, all.
func (v *View) lines() (found []int) {
	for i := range v.Script.Steps {
		if v.Script.Steps[i].Kind == "say" {
			found = append(found, i)
		}
	}
	if len(found) > 0 {
		return found
	}
	for i := range v.Script.Steps {
		found = append(found, i)
	}
	return found
}

// at is which of the lines is shown; -1 before the first.
func (v *View) at() int {
	at := -1
	for n, i := range v.lines() {
		if v.run == nil {
			break
		}
		p := v.run.Step(i)
		if p.State == script.Passed || p.State == script.Running && !v.run.Waits() {
			at = n
		}
	}
	return at
}

// nextLine is the line after one, as it is written.
func (v *View) nextLine(at int) string {
	lines := v.lines()
	if at+1 >= len(lines) {
		return ""
	}
	return strings.TrimPrefix(v.Script.Steps[lines[at+1]].Text, "say ")
}

// notes are those that stand about a line: right before it, and after it up to the next one.
func (v *View) notes(at int) (notes []string) {
	lines := append(v.lines(), len(v.Script.Steps))
	from, to := 0, lines[at+1]
	if at >= 0 {
		from = v.noted(lines[at])
	}
	for i := from; i < to; i++ {
		if v.Script.Steps[i].Kind != "note" {
			continue
		}
		text := strings.TrimPrefix(v.Script.Steps[i].Text, "note ")
		if v.run != nil && v.run.Step(i).State == script.Passed {
			text = v.run.Step(i).Note
		}
		notes = append(notes, text)
	}
	if v.run != nil && v.run.Told() != "" {
		notes = append(notes, v.run.Told())
	}
	return notes
}

// noted is the first of the notes that stand right before a step.
func (v *View) noted(step int) int {
	for step > 0 && step < len(v.Script.Steps) && v.Script.Steps[step-1].Kind == "note" {
		step--
	}
	return step
}
