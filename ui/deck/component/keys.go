package component

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/screen"
)

// Keys are all that there are, in order: the one place where keys are looked up, and what footer, help and palette list.
type Keys struct {
	ReadOnly bool // there are none that send
	all      []Key
}

// Add puts keys in order by their ranks; those of one rank stand as they were added.
func (k *Keys) Add(keys ...Key) {
	for _, key := range keys {
		if !k.ReadOnly || !key.Sends {
			k.all = append(k.all, key)
		}
	}
	slices.SortStableFunc(k.all, func(a, b Key) int { return int(a.Rank - b.Rank) })
}

// Press does what a key is bound to here. While somebody is typing, keys that are letters are not looked up.
func (k *Keys) Press(d *Deck, press tea.KeyPressMsg) (cmd tea.Cmd, known bool) {
	name := press.Keystroke()
	letter := press.Text != "" && Typing(d)
	for i := range k.all {
		key := &k.all[i]
		if letter || !key.Where(d) {
			continue
		}
		for _, n := range key.Names {
			if n == name || n == press.String() {
				return key.Do(d), true
			}
		}
	}
	return nil, false
}

// Listed are the keys of one heading of the help.
func (k *Keys) Listed(group string) []Key {
	var keys []Key
	for _, key := range k.all {
		if key.Group == group && key.Label != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// Commands are the keys that the palette lists here.
func (k *Keys) Commands(d *Deck) []Key {
	var keys []Key
	for _, key := range k.all {
		if !key.Quiet && key.Label != "" && key.Where(d) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Footer are the keys that work here, as many as so many cells have room for. The last of all (help and quit) are kept
// before those in the middle.
func (k *Keys) Footer(d *Deck, width int) []Key {
	var here []Key
	total := 0
	for _, key := range k.all {
		if key.Short != "" && key.Where(d) {
			here = append(here, key)
			total += key.width()
		}
	}
	for i := len(here) - 3; i > 0 && total > width; i-- {
		total -= here[i].width()
		here = append(here[:i], here[i+1:]...)
	}
	return here
}

// width is how many cells a key takes in the footer.
func (k *Key) width() int { return screen.Cells(k.Label) + 1 + screen.Cells(k.Short) + 2 }
