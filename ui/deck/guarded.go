package deck

import (
	"context"
	"reflect"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus/goroutine"
)

// guarded is the model as Bubble Tea sees it: a panic of its methods, and of the commands that they return, which run on
// goroutines of Bubble Tea's, is caught. While the terminal is behind its view stands still.
type guarded struct {
	model tea.Model
	pace  Pace
	last  tea.View
	drawn bool
}

// caughtMsg says that the terminal has caught up: there is something to draw.
type caughtMsg struct{}

// Init implements tea.Model.
func (g *guarded) Init() (cmd tea.Cmd) {
	goroutine.Call("the deck", func() { cmd = caught(g.model.Init()) })
	return cmd
}

// Update implements tea.Model.
func (g *guarded) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, own := msg.(caughtMsg); own {
		return g, nil // the view is drawn after each message
	}
	var cmd tea.Cmd
	goroutine.Call("the deck's update", func() {
		g.model, cmd = g.model.Update(msg)
		cmd = caught(cmd)
	})
	return g, cmd
}

// View implements tea.Model.
func (g *guarded) View() tea.View {
	if g.drawn && g.pace != nil && g.pace.Behind() {
		return g.last
	}
	goroutine.Call("the deck's view", func() { g.last = g.model.View() })
	g.drawn = true
	return g.last
}

// caught is a command whose panic is caught, and those of the commands that it leads to: Bubble Tea has messages that are
// lists of commands, and does not export the type of all of them.
func caught(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		goroutine.Call("a command of the deck", func() { msg = cmd() })
		if list := reflect.ValueOf(msg); list.Kind() == reflect.Slice && list.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			for i := range list.Len() {
				inner, _ := list.Index(i).Interface().(tea.Cmd)
				list.Index(i).Set(reflect.ValueOf(caught(inner)))
			}
		}
		return msg
	}
}

// hearPace has a terminal drawn on again that was behind.
func hearPace(ctx context.Context, pace Pace, send func(tea.Msg)) {
	for {
		select {
		case <-pace.Caught():
			send(caughtMsg{})
		case <-ctx.Done():
			return
		}
	}
}
