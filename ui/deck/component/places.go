package component

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/screen"
)

// Here is where keys go: the overlay on top or, when there is none, the focused pane.
func (d *Deck) Here() any {
	if o := d.Overlays.Top(); o != nil {
		return o
	}
	return d.Panes.Focused()
}

// Called is how the help and notices name a pane or an overlay.
func Called(x any) string {
	switch x := x.(type) {
	case Overlay:
		return x.Name()
	case Pane:
		return strings.ToLower(x.Title())
	}
	return ""
}

// Places are the headings of the help that the key stands under.
func (k *Key) Places() []string { return k.places }

func (k *Keys) placesOf(key *Key) []string {
	if key.Head != "" {
		return []string{key.Head}
	}
	var names []string
	panes, all, numbered := true, true, 0
	for _, x := range k.Kinds {
		switch name := Called(x); {
		case !key.For(x):
			all = false
			panes = panes && !Is[Pane](x)
		case !slices.Contains(names, name):
			names = append(names, name)
			if Is[Pane](x) {
				numbered++
			}
		}
	}
	switch {
	case all:
		return []string{Everywhere}
	case panes && numbered > 0:
		return append([]string{EveryPane}, names[numbered:]...)
	}
	return names
}

// Headings are the headings of the help in order.
func (k *Keys) Headings() []string {
	heads := []string{Everywhere, EveryPane, Moving}
	for _, x := range k.Kinds {
		if name := Called(x); !slices.Contains(heads, name) {
			heads = append(heads, name)
		}
	}
	return append(heads, WhileTyped)
}

// Under are the keys that stand under a heading of the help.
func (k *Keys) Under(heading string) []Key {
	var keys []Key
	for i := range k.all {
		if slices.Contains(k.all[i].places, heading) {
			keys = append(keys, k.all[i])
		}
	}
	return keys
}

// explain says why a key that is bound somewhere does nothing here; it is false for keys that are bound nowhere.
func (k *Keys) explain(d *Deck, press tea.KeyPressMsg, lacking *Key) bool {
	name := WrittenName(press.String())
	if lacking != nil && lacking.Needs != "" {
		d.Say(bus.Say, name+" does nothing now: it needs "+lacking.Needs)
		return true
	}
	for i := range k.withheld {
		if k.withheld[i].named(press) {
			d.Say(bus.Say, name+" would send, and nothing is sent from here: this deck is read-only")
			return true
		}
	}
	text := name + " does nothing in " + Called(d.Here())
	var keys []*Key
	for i := range k.all {
		if key := &k.all[i]; key.named(press) && len(key.places) > 0 {
			keys = append(keys, key)
		}
	}
	heads := k.Headings() // panes before overlays
	slices.SortStableFunc(keys, func(a, b *Key) int { return slices.Index(heads, a.places[0]) - slices.Index(heads, b.places[0]) })
	if len(keys) > 0 {
		d.Say(bus.Say, text+elsewhere(keys, d.Layout().Width-4-screen.Cells(text)))
	}
	return len(keys) > 0
}

// elsewhere says where keys do something, and what: all of it where there is room, else each in short.
func elsewhere(keys []*Key, room int) string {
	var whole, short string
	for _, key := range keys {
		whole += "; in " + strings.Join(key.places, ", ") + ": " + key.Help
		short += "; in " + key.places[0] + ": " + cmp.Or(key.Short, key.Help)
	}
	switch {
	case screen.Cells(whole) <= room:
		return whole
	case len(keys) > 1:
		return short
	}
	return "; in " + keys[0].places[0] + ": " + keys[0].Help
}
