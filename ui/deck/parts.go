package deck

import (
	"slices"

	"signalbox/sources"
	"signalbox/ui/deck/actions"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/deck/forms"
	"signalbox/ui/deck/overlays"
	"signalbox/ui/deck/presenter"
	"signalbox/ui/deck/scripts"
	"signalbox/ui/deck/standins"
)

// addParts gives the deck its panes and all keys. It is the one place that names what the deck is made of.
func (m *model) addParts(opt Options, panes []component.Pane) {
	m.Panes, m.keys = component.NewPanes(panes...), component.Keys{ReadOnly: opt.ReadOnly}
	for _, pane := range panes {
		m.keys.Kinds = append(m.keys.Kinds, pane)
	}
	m.keys.Kinds = slices.Concat(m.keys.Kinds, overlays.Kinds(), dialogs.Kinds(), forms.Kinds(opt.ReadOnly))
	if !opt.ReadOnly {
		m.keys.Kinds = append(m.keys.Kinds, scripts.Kinds()...)
	}
	var presented *presenter.View
	if opt.Present != nil {
		presented = presenter.New(opt.Present)
		m.keys.Kinds = append(m.keys.Kinds, presenter.Kinds()...)
	}
	inject := &forms.Inject{Library: opt.Library, Sender: m.Sender, Favourites: opt.Favourites}
	player := &scripts.Player{Library: opt.Library, Sender: m.Sender, Play: opt.play}
	if engine, ok := opt.Engine.(*sources.Engine); ok && player.Play == nil {
		player.Play = scripts.OnEngine(engine, opt.Library)
	}
	m.Strip = player
	played := &standins.Room{Library: opt.Library}
	m.keys.Add(overlays.KeysAbout(&m.keys, overlays.Lines, played.Lines,
		func() []dialogs.Choice { return inject.Choices("send: ") },
		func() []dialogs.Choice { return player.Choices("play: ") })...)
	if presented != nil {
		m.keys.Add(presented.Keys()...)
		m.Open(presented)
	}
	m.keys.Add(m.ownKeys()...)
	for _, pane := range m.Panes.All() {
		m.keys.Add(pane.Keys()...)
	}
	m.keys.Add(dialogs.Keys()...)
	m.keys.Add(overlays.Keys()...)
	m.keys.Add(inject.Keys()...)
	m.keys.Add(player.Keys()...)
	m.keys.Add(played.Keys()...)
	m.keys.Add(forms.Keys()...)
	m.keys.Add(actions.Keys()...)
}
