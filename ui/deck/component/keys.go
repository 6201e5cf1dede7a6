package component

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// Keys are all that there are, in order: the one place where keys are looked up, and what footer, help and palette list.
type Keys struct {
	ReadOnly bool  // there are none that send
	Kinds    []any // the panes, and one overlay of each kind: what keys are for, in the order of the help
	all      []Key
	withheld []Key // those that would send
}

// Add puts keys in order by their ranks, once it is known what they can be for; those of one rank stand as they were added.
func (k *Keys) Add(keys ...Key) {
	for _, key := range keys {
		if k.ReadOnly && key.Sends {
			k.withheld = append(k.withheld, key)
			continue
		}
		key.places = k.placesOf(&key)
		key.particular = key.Head == "" && !slices.Contains(key.places, EveryPane) && !slices.Contains(key.places, Everywhere)
		k.all = append(k.all, key)
	}
	slices.SortStableFunc(k.all, func(a, b Key) int { return int(a.Rank - b.Rank) })
}

// All are the keys in order.
func (k *Keys) All() []Key { return k.all }

// Press does what a key is bound to here; a key without an act goes to the overlay on top. One that is bound elsewhere
// only says so. While somebody is typing, keys that are letters are not looked up.
func (k *Keys) Press(d *Deck, press tea.KeyPressMsg) (cmd tea.Cmd, known bool) {
	if press.Text != "" && Typing(d) {
		return nil, false
	}
	key, lacking := k.Find(d, press)
	switch {
	case key == nil:
		return nil, k.explain(d, press, lacking)
	case key.Do == nil:
		return d.Overlays.Top().Update(d, press), true
	}
	return key.Do(d), true
}

// Find is the first key of that name that works here. When none does, lacking is the first that would if something were
// otherwise.
func (k *Keys) Find(d *Deck, press tea.KeyPressMsg) (key, lacking *Key) {
	here := d.Here()
	for i := range k.all {
		switch key := &k.all[i]; {
		case !key.named(press) || !key.For(here):
		case key.works(d, here):
			return key, nil
		case lacking == nil:
			lacking = key
		}
	}
	return nil, lacking
}

// Here are the keys that work where somebody is.
func (k *Keys) Here(d *Deck) []Key {
	var keys []Key
	for here, i := d.Here(), 0; i < len(k.all); i++ {
		if k.all[i].works(d, here) {
			keys = append(keys, k.all[i])
		}
	}
	return keys
}

// Commands are the keys that the palette lists here.
func (k *Keys) Commands(d *Deck) []Key {
	return slices.DeleteFunc(k.Here(d), func(key Key) bool { return key.Quiet })
}

// Footer are the keys that work here, as many as so many cells have room for: what enter does and what is particular to the
// pane or overlay first. The last of all (help and quit) are kept before those in the middle.
func (k *Keys) Footer(d *Deck, width int) []Key {
	var own, rest []Key
	total, marks := 0, map[string]bool{}
	for _, key := range k.Here(d) {
		if key.Short == "" || marks[key.Mark()] { // of two, the first one is pressed
			continue
		}
		marks[key.Mark()] = true
		total += key.width()
		if key.Rank <= RankChoose || key.particular {
			own = append(own, key)
		} else {
			rest = append(rest, key)
		}
	}
	here := slices.Concat(own, rest)
	for i := len(here) - 3; i > 0 && total > width; i-- {
		total -= here[i].width()
		here = append(here[:i], here[i+1:]...)
	}
	for total > width && len(here) > 0 {
		total -= here[len(here)-1].width()
		here = here[:len(here)-1]
	}
	return here
}
