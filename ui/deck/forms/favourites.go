package forms

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/screen"
)

// Favourite is what was filled in for a command, saved by a name.
type Favourite struct {
	Name    string
	Command string            // by its full name
	Values  map[string]string // by field
}

// FavouriteForm is how one is written, without its name.
const FavouriteForm = `COMMAND {"FIELD": "VALUE", …}`

// ParseFavourite reads what Text wrote.
func ParseFavourite(name, text string) (Favourite, error) {
	f := Favourite{Name: name}
	var values string
	f.Command, values, _ = strings.Cut(strings.TrimSpace(text), " ")
	if err := json.Unmarshal([]byte(values), &f.Values); f.Command == "" || err != nil {
		return f, fmt.Errorf("want %s, as deliveries.create {\"budget\": \"100\"}, have %q", FavouriteForm, text)
	}
	return f, nil
}

// Text is the favourite without its name.
func (f Favourite) Text() string {
	values, _ := json.Marshal(f.Values) // of texts: it cannot fail
	return f.Command + " " + string(values)
}

// Favourites are those that were saved. They belong to the deck's goroutine; Keep saves one by its name, takes it away where text is
// "", and may wait. A nil Keep saves none.
type Favourites struct {
	All   []Favourite
	Wrong error // why not all could be read
	Keep  func(name, text string) error
}

// favourites are those whose commands there are, as lines of a picker.
func (n *Inject) favourites() (choices []dialogs.Choice) {
	for _, f := range n.Favourites.All {
		c, err := n.Library.Command(f.Command)
		if err != nil {
			continue
		}
		var filled []string
		for _, name := range slices.Sorted(maps.Keys(f.Values)) {
			if f.Values[name] != "" {
				filled = append(filled, name+"="+f.Values[name])
			}
		}
		choice := n.choiceOf(c, "")
		choice.Name, choice.About = screen.Clean(f.Name), "favourite of "+screen.Clean(c.FullName())+" · "+screen.CleanUpTo(strings.Join(filled, " "), 80)
		choice.Pick = func(d *component.Deck) tea.Cmd {
			if dialogs.NotArmed(d) {
				return nil
			}
			return openCommand(d, c, f.Values, &n.sent)
		}
		choices = append(choices, choice)
	}
	return choices
}

// lines are the commands of the palette about favourites.
func (n *Inject) lines() []dialogs.Choice {
	return []dialogs.Choice{
		{Name: "favourite", Form: "NAME", About: "save what was sent last by a form; i lists it first", Run: n.saveFavourite},
		{Name: "forget", Form: "NAME", About: "a favourite that was saved", Run: n.forgetFavourite},
	}
}

func (n *Inject) saveFavourite(d *component.Deck, name string) (tea.Cmd, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return nil, errors.New("want a name, such as big order")
	case n.sent.newest == "":
		return nil, errors.New("nothing was sent by a form yet: i opens one")
	}
	if _, err := n.Library.Command(n.sent.newest); err != nil {
		return nil, errors.New("what was sent last is of no domain, and cannot be saved")
	}
	f := Favourite{Name: name, Command: n.sent.newest, Values: n.sent.values}
	return n.keep(d, f, f.Text(), "saved: i lists it first")
}

func (n *Inject) forgetFavourite(d *component.Deck, name string) (tea.Cmd, error) {
	name = strings.TrimSpace(name)
	at := slices.IndexFunc(n.Favourites.All, func(f Favourite) bool { return f.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("no favourite is called %q", name)
	}
	return n.keep(d, n.Favourites.All[at], "", "forgotten")
}

// keep saves a favourite, or takes it away where text is "", and says what came of it.
func (n *Inject) keep(d *component.Deck, f Favourite, text, done string) (tea.Cmd, error) {
	if n.Favourites.Keep == nil {
		return nil, errors.New("favourites are not saved here")
	}
	d.Close()
	return func() tea.Msg {
		err := n.Favourites.Keep(f.Name, text)
		return component.Result(func() tea.Cmd {
			if err != nil {
				d.SayError(err)
				return nil
			}
			n.Favourites.All = slices.DeleteFunc(slices.Clone(n.Favourites.All), func(other Favourite) bool { return other.Name == f.Name })
			if text != "" {
				n.Favourites.All = append(n.Favourites.All, f)
			}
			d.Say(bus.Say, "favourite "+screen.Clean(f.Name)+" "+done)
			return nil
		})
	}, nil
}
