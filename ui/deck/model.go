package deck

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// deck is the one model. Its panes and overlays are plain structs that it calls; messages are routed in update.go and
// nowhere else. All of it runs on the program's goroutine.
type deck struct {
	opt    Options
	ctx    context.Context
	source Source

	snap     *sources.Snapshot // what is drawn
	still    *sources.Snapshot // the stations and consumers of a frozen view; nil when not frozen
	asked    sources.View      // what the source was last told to show
	at       uint64            // the time cursor: number of an event; 0 is now
	frozenAt uint64            // the newest event when the view was frozen
	theme    *screen.Theme
	dark     bool
	mouse    bool
	layout   layout
	focus    paneID
	zoomed   bool

	stations  stationList
	events    eventList
	consumers consumerList
	entities  entityList
	state     stateView

	overlays []overlay // the last one is on top
	filters  []string  // what was filtered by before, oldest first
	keys     []binding
	notice   notice
	clicked  click
	dead     graveyard
	play     player // of scripts
	playing  *performance
	work     sync.WaitGroup // goroutines that the deck started

	screen string // the last frame; "" when something has changed since
	frames int    // drawn so far, for tests
}

// newDeck makes the model for a program that ends with ctx.
func newDeck(ctx context.Context, opt Options) *deck {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Armed == nil {
		opt.Armed = func(bus.Bus) (bool, string) { return false, "nothing says that this bus may be written to" }
	}
	d := &deck{opt: opt, ctx: ctx, source: opt.Engine, theme: screen.NewTheme(true), dark: true,
		mouse: !opt.NoMouse, focus: eventsPane, snap: opt.Engine.Snapshot(), keys: bindings(), play: stagePlayer(opt)}
	d.notice.since = opt.Now()
	d.resize(opt.Width, opt.Height)
	return d
}

// Init implements tea.Model.
func (d *deck) Init() tea.Cmd { return tea.RequestBackgroundColor }

// View implements tea.Model. It returns the frame it drew before unless something has changed since.
func (d *deck) View() tea.View {
	if d.screen == "" {
		d.screen = d.draw()
		d.frames++
	}
	v := tea.NewView(d.screen)
	v.AltScreen = true
	v.WindowTitle = "signalbox " + screen.Clean(d.opt.Title)
	if d.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

// resize lays the deck out anew.
func (d *deck) resize(width, height int) {
	d.layout = arrange(width, height, d.focus, d.zoomed)
}

// look tells the source what is wanted now, if that has changed.
func (d *deck) look() {
	want := sources.View{Events: d.events.wants(d), Subjects: d.stations.wants(d), Entities: d.entities.wants(d), Entity: d.entities.chosen,
		Version: d.state.version, At: d.at}
	if open, ok := d.top().(*eventView); ok {
		want.Open = open.number
	}
	want.Serial = d.asked.Serial
	if want.Serial > 0 && want == d.asked {
		return
	}
	want.Serial++
	d.asked = want
	d.source.Look(want)
}

// rows tells how many rows a pane shows inside its border; 0 when it is not on the screen.
func (d *deck) rows(pane paneID) int {
	a, ok := d.layout.area(pane)
	if !ok {
		return 0
	}
	return max(a.h-2, 0)
}

// top is the overlay on top, nil when there is none.
func (d *deck) top() overlay {
	if len(d.overlays) == 0 {
		return nil
	}
	return d.overlays[len(d.overlays)-1]
}

// open puts an overlay on top.
func (d *deck) open(o overlay) { d.overlays = append(d.overlays, o) }

// shut takes the overlay on top away.
func (d *deck) shut() {
	if n := len(d.overlays); n > 0 {
		d.overlays[n-1] = nil
		d.overlays = d.overlays[:n-1]
	}
}

// calm is the snapshot that stations and consumers are drawn from: the frozen one, or the newest.
func (d *deck) calm() *sources.Snapshot {
	if d.still != nil {
		return d.still
	}
	return d.snap
}
