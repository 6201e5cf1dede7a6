package overlays

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/cohorts"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// cohortList lists the cohorts, with how many entities are of each, and were.
type cohortList struct{ rowList }

// Name implements component.Overlay.
func (v *cohortList) Name() string { return "the cohorts" }

func openCohorts(d *component.Deck) {
	v := &cohortList{}
	v.of = func(d *component.Deck) rows {
		all := d.Cohorts.All()
		return rows{
			n:    len(all),
			key:  func(i int) string { return all[i].Name },
			head: func(l *screen.Line) { cohortHead(d.Theme, l) },
			row:  func(i int, l *screen.Line) { cohortRow(d, &all[i], l) },
			enter: func(i int) tea.Cmd {
				d.Overlays.CloseAll()
				return showCohort(d, all[i])
			},
		}
	}
	d.Open(v)
	if wrong := d.Cohorts.Wrong; wrong != "" {
		d.Say(bus.Warn, screen.Clean(wrong))
	}
}

// showCohort has the list of entities be a cohort.
func showCohort(d *component.Deck, s cohorts.Saved) tea.Cmd {
	pane, ok := component.Find[component.CohortHolder](d)
	if !ok {
		return nil
	}
	if pane.Cohort() == s.Name {
		pane.ShowCohort(d, s.Name, s.Cohort)
		component.GoTo[component.CohortHolder](d)
		return nil
	}
	err := component.GoNarrowed[component.CohortHolder](d, func() error {
		pane.ShowCohort(d, s.Name, s.Cohort)
		return nil
	})
	if err != nil {
		d.SayError(err)
	}
	return nil
}

// runCohort makes the cohort that was typed, saves it and shows it; a name alone shows that one.
func runCohort(d *component.Deck, text string) (tea.Cmd, error) {
	if s, there := d.Cohorts.Find(text); there {
		d.Overlays.CloseAll()
		showCohort(d, s)
		return func() tea.Msg { return nil }, nil
	}
	if !strings.Contains(text, "=") {
		return nil, errors.New("no cohort " + screen.Clean(strings.TrimSpace(text)) + ": want " + cohorts.Form)
	}
	s, err := d.Cohorts.Set(text)
	if err != nil {
		return nil, err
	}
	d.Overlays.CloseAll()
	showCohort(d, s)
	return keepCohort(d, s.Name, "saved as "+screen.Clean(s.Name)+": A lists all cohorts"), nil
}

func keepCohort(d *component.Deck, name, said string) tea.Cmd {
	keep := d.Cohorts.Keep(name)
	return component.Fetch(d, func(context.Context) (struct{}, error) { return struct{}{}, keep() }, func(struct{}) tea.Cmd {
		d.Say(bus.Say, said)
		return nil
	})
}

func (v *cohortList) remove(d *component.Deck) tea.Cmd {
	i, ok := v.chosen(d)
	if !ok {
		return nil
	}
	name := d.Cohorts.All()[i].Name
	d.Cohorts.Remove(name)
	return keepCohort(d, name, screen.Clean(name)+" is removed")
}

// Draw implements component.Overlay.
func (v *cohortList) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	p := screen.Panel{Title: "cohorts"}
	if d.Time.Earlier() && len(d.Cohorts.All()) > 0 {
		p.Info = []string{"counts are of now; one that is opened is as it was then"}
	}
	return v.panel(d, p, "none: type : and then cohort, a name, = and what its entities have in common",
		"cohort in debt = delivery where state.budget < 0 sort budget columns budget, notes")
}

const courseWidth = 24

func cohortHead(t *screen.Theme, l *screen.Line) {
	l.Left(t.Dim, "cohort", 20)
	l.Right(t.Dim, "now", 8)
	l.Gap(1)
	l.Left(t.Dim, "course", courseWidth+9)
	l.Put(t.Dim, "entities")
}

func cohortRow(d *component.Deck, s *cohorts.Saved, l *screen.Line) {
	t := d.Theme
	l.Left(t.Bright, screen.CutMiddle(screen.CleanUpTo(s.Name, 100), 19), 20)
	r, known := d.Cohorts.Row(s.Name, d.Snapshot().Cohorts)
	count, since := "…", ""
	if known && r.Part == 1 {
		if count = screen.Grouped(uint64(r.Count)); !r.Since.IsZero() {
			since = d.Clock(r.Since, false)
		}
	}
	l.Right(t.Text, count, 8)
	l.Gap(1)
	l.Left(t.Faint, since, 9)
	course := courseOf(&r)
	l.Left(t.Spark, screen.Sparkline(course, min(len(course), courseWidth)), courseWidth)
	l.Gap(1)
	l.Put(t.Dim, screen.CleanUpTo(s.Text, l.Free()))
}

// courseOf is a course in as many numbers as are drawn: the mean of those that share one.
func courseOf(r *sources.CohortRow) []float64 {
	n := len(r.Course)
	if n <= courseWidth {
		return r.Course
	}
	out := make([]float64, courseWidth)
	for i := range out {
		from, to := i*n/courseWidth, (i+1)*n/courseWidth
		for _, x := range r.Course[from:to] {
			out[i] += x / float64(to-from)
		}
	}
	return out
}

func cohortKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "open", Help: "list the entities of the cohort, as a double click does"}, func(v *cohortList, d *component.Deck) tea.Cmd { return v.enter(d) }),
		component.InOverlay(component.Key{Names: []string{"x", "delete"}, Label: "x", Short: "remove", Help: "remove the cohort"}, (*cohortList).remove),
		{Names: []string{"A", "shift+a"}, Help: "cohorts: entities that have something in common, how many there are and were", Rank: component.RankReport,
			For: component.AnyPane, Do: component.Plain(openCohorts)},
	}
}
