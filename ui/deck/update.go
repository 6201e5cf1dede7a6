package deck

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/screen"
)

// Messages of the deck's own.
type (
	snapshotMsg struct{}            // the source has a newer snapshot
	tickMsg     time.Time           // a second has passed
	resultMsg   func(*deck) tea.Cmd // something asked for in a command has come: what to do with it
)

// Update implements tea.Model. It is the one place where messages are routed: keys to the registry, then to the overlay
// on top; everything else to where it belongs. Nothing here waits or walks what is held.
func (d *deck) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	changed := true
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		d.resize(msg.Width, msg.Height)
		var cmds []tea.Cmd
		for _, o := range d.overlays {
			cmds = append(cmds, o.update(d, msg))
		}
		cmd = tea.Batch(cmds...)
	case tea.BackgroundColorMsg:
		d.dark = msg.IsDark()
		d.theme = screen.NewTheme(d.dark)
	case snapshotMsg:
		cmd = d.renew()
	case tickMsg: // the clock in the header, and notices whose time is over
	case resultMsg:
		cmd = msg(d)
	case tea.KeyPressMsg:
		cmd = d.pressed(msg)
	case wheelMsg:
		d.wheel(msg)
	case tea.MouseClickMsg:
		cmd = d.click(msg.Mouse())
	case tea.MouseMotionMsg, tea.MouseReleaseMsg:
		changed = false
	default:
		cmd = d.topSees(msg)
	}
	if changed {
		d.screen = ""
		d.look()
	}
	return d, cmd
}

// renew takes the newest snapshot.
func (d *deck) renew() tea.Cmd {
	d.snap = d.source.Snapshot()
	d.thaw()
	d.entities.seek(d)
	d.dead.count(d.snap.Dead)
	d.hear()
	if o, ok := d.top().(*eventView); ok {
		return o.renew(d)
	}
	return nil
}

func (d *deck) pressed(k tea.KeyPressMsg) tea.Cmd {
	d.notice.text = ""
	if cmd, known := d.press(k); known {
		return cmd
	}
	return d.topSees(k)
}

// topSees hands a message to the overlay on top.
func (d *deck) topSees(msg tea.Msg) tea.Cmd {
	if o := d.top(); o != nil {
		return o.update(d, msg)
	}
	return nil
}

// focusOn moves the focus, and with it what a narrow deck shows.
func (d *deck) focusOn(id paneID) {
	d.focus = id
	d.resize(d.layout.width, d.layout.height)
}

func (d *deck) zoom() {
	d.zoomed = !d.zoomed
	d.resize(d.layout.width, d.layout.height)
}

// page is how many rows a page is, where moves go now.
func (d *deck) page() int {
	if o := d.top(); o != nil {
		_, b := o.draw(d)
		return max(b.h-3, 1)
	}
	height := d.rows(d.focus)
	return max(height-1, 1)
}

// move moves in the overlay on top, or in the focused pane.
func (d *deck) move(by int) {
	if o := d.top(); o != nil {
		o.move(d, by)
		return
	}
	d.moveIn(d.focus, by)
}

func (d *deck) moveIn(pane paneID, by int) {
	switch pane {
	case stationsPane:
		d.stations.move(d, by)
	case eventsPane:
		d.events.move(d, by)
	case consumersPane:
		d.consumers.move(d, by)
	case entitiesPane:
		d.entities.move(d, by)
	case statePane:
		d.state.move(d, by)
	}
}

// enter opens what is chosen in the focused pane.
func (d *deck) enter() tea.Cmd {
	switch d.focus {
	case stationsPane:
		if r := d.stations.subject(d); r != nil {
			return d.enterSubject(r)
		}
		if r := d.stations.chosen(d); r != nil {
			d.open(newStationView(r.Key))
		}
	case eventsPane:
		if r := d.events.chosen(d); r != nil {
			d.events.hold(d)
			return d.openEvent(r.Number)
		}
	case consumersPane:
		if r := d.consumers.chosen(d); r != nil {
			d.open(newConsumerView(d.consumers.Key))
		}
	case entitiesPane:
		d.focusOn(statePane)
	case statePane:
		return d.enterState()
	}
	return nil
}

// enterState opens a step of the history as the event it was, and a field as its value.
func (d *deck) enterState() tea.Cmd {
	if h := d.state.past(d); h != nil {
		return d.openEvent(h.Number)
	}
	if f := d.state.field(d); f != nil {
		d.open(newValueView(d, f))
		return nil
	}
	if d.detail() != nil && len(d.handlings()) > 0 {
		d.openHandling()
	}
	return nil
}

// toEntity shows the entity of the chosen or open event.
func (d *deck) toEntity() {
	e := d.chosenEvent()
	if e == nil || e.Kind == nil || e.ID == "" {
		d.say(bus.Say, "this event belongs to no entity")
		return
	}
	d.overlays = nil
	d.entities.choose(d, e.Entity())
	d.focusOn(statePane)
}
