package cli

import (
	"signalbox/ui/cli/internal/saved"
	"signalbox/ui/deck"
)

// keptFavourites is where the favourites of forms are saved.
var keptFavourites = saved.File{Name: "favourites.yaml", Of: "favourite", Form: deck.FavouriteForm}

// favourites are those that were saved, and what saves them.
func favourites() deck.Favourites {
	f := deck.Favourites{Keep: func(name, text string) error {
		return keptFavourites.Keep(name, text, func(e saved.Entry) error {
			_, err := deck.ParseFavourite(e.Name, e.Text)
			return err
		})
	}}
	f.Wrong = keptFavourites.Read(func(e saved.Entry) error {
		one, err := deck.ParseFavourite(e.Name, e.Text)
		if err == nil {
			f.All = append(f.All, one)
		}
		return err
	})
	return f
}
