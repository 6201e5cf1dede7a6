package deck

import (
	"context"
	"os"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/sources"
	"signalbox/ui/deck/breakpoints"
	"signalbox/ui/deck/cohorts"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/drift"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/panes"
	"signalbox/ui/deck/reload"
	"signalbox/ui/deck/selection"
	"signalbox/ui/deck/sender"
	"signalbox/ui/deck/timecursor"
	"signalbox/ui/screen"
)

// model is the one model of the program. Panes and overlays are values that it calls through component's contract; it
// routes messages to them (update.go) and lays what they draw over each other (draw.go). All of it runs on the program's
// goroutine.
type model struct {
	component.Deck
	source Source
	title  string
	signs  screen.Charset // what the terminal can show
	keys   component.Keys
	asked  sources.View // what the source was last told to show
	mouse  bool
	click  click
	drag   drag
	over   layout.Box      // where the overlay on top was drawn last
	seen   int             // how many rows of it were seen
	job    Job             // nil where no shell stops the program
	work   goroutine.Group // goroutines that the deck started
	screen string          // the last frame; "" when something has changed since
	frames int             // drawn so far, for tests
	truths func()          // has what is compared with copies be what the domains say
	heard  int             // the number of what was said last of domain files
}

// newModel makes the model for a program that ends with ctx.
func newModel(ctx context.Context, opt Options) *model {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Armed == nil {
		opt.Armed = func(bus.Bus) (bool, string) { return false, "nothing says that this bus may be written to" }
	}
	if opt.standIns == nil && opt.Library != nil {
		opt.standIns = opt.Library.Playing()
	}
	m := &model{source: opt.Engine, title: opt.Title, job: opt.Job, mouse: !opt.NoMouse, signs: screen.CharsetFor(variables(opt.Environment))}
	m.Deck = component.Deck{
		Theme: screen.NewTheme(true), Now: opt.Now, Engine: opt.Engine, Life: ctx, Work: &m.work,
		Time:      timecursor.New(opt.Engine, opt.Engine.Snapshot()),
		Marks:     &timecursor.Marks{},
		Breaks:    &breakpoints.Breakpoints{},
		Cohorts:   cohorts.New(opt.Cohorts, opt.NoCohorts, opt.KeepCohort),
		Selection: &selection.Selection{},
		Drift:     drift.New(opt.Library.Truths(), opt.Buses),
		Reload:    &reload.Watch{Files: opt.Domains},
		Sender: sender.New(opt.Buses, sender.Rules{ReadOnly: opt.ReadOnly, Permit: opt.Armed, Production: opt.Production,
			Base: opt.Base, Application: opt.Application}),
		Buses:    opt.Attacher,
		Recorder: opt.Recorder,
		StandIns: opt.standIns,
		Overlays: &component.Overlays{},
		Trail:    component.NewTrail(),
		Notice:   component.NewNotice(),
	}
	m.Editor = m.edits(opt)
	for _, mark := range opt.Marks {
		m.Marks.Add(mark)
	}
	m.truths = func() { m.Drift.Renew(opt.Library.Truths()) }
	m.addParts(opt, panes.All(opt.Offer, opt.Library.Highlight))
	m.Panes.Resize(opt.Width, opt.Height)
	return m
}

// variables looks variables up in an environment, or in the program's own when there is none.
func variables(environment []string) func(name string) string {
	if environment == nil {
		return os.Getenv
	}
	return func(name string) (value string) {
		for _, pair := range environment {
			if rest, ok := strings.CutPrefix(pair, name+"="); ok {
				value = rest
			}
		}
		return value
	}
}

// Init implements tea.Model.
func (m *model) Init() tea.Cmd { return tea.RequestBackgroundColor }

// View implements tea.Model. It returns the frame it drew before unless something has changed since.
func (m *model) View() tea.View {
	if m.screen == "" {
		m.screen = m.signs.Show(m.draw())
		m.frames++
	}
	v := tea.NewView(m.screen)
	v.AltScreen = true
	v.WindowTitle = m.signs.Show("signalbox " + screen.Clean(m.title))
	if m.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

// look tells the source what is wanted now, if that has changed.
func (m *model) look() {
	if !m.Time.Frozen() {
		m.Breaks.StoppedBy(0)
	}
	want := sources.View{Serial: m.asked.Serial, At: m.Time.At(), Moment: m.Time.Moment(), Breaks: m.Breaks.List(), Cohorts: m.Cohorts.List()}
	for _, pane := range m.Panes.All() {
		pane.Want(&m.Deck, &want)
	}
	if o, ok := m.Overlays.Top().(component.Wanting); ok {
		o.Want(&m.Deck, &want)
	}
	if want.Serial > 0 && want == m.asked {
		return
	}
	want.Serial++
	m.asked = want
	m.source.Look(want)
}
