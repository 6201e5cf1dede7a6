package deck

import (
	"signalbox/sources"
	"signalbox/ui/screen"
)

// mostTree is how many entries of a tree or a list a row shows; of a larger one it shows the size.
const mostTree = 8

// valueText is a value in a row. What would take long to write is told the size of.
func valueText(v sources.Value) string {
	switch v.Kind() {
	case sources.Tree:
		if n := len(v.Tree()); n > mostTree {
			return entries(n)
		}
		return shallow(v)
	case sources.List:
		if n := len(v.List()); n > mostTree {
			return "[" + screen.Plural(uint64(n), "entry") + "]"
		}
		return v.String()
	case sources.Absent:
		return "none"
	}
	return v.String()
}

// shallow writes a small tree without what is deep in it.
func shallow(v sources.Value) string {
	for _, part := range v.Tree() {
		if part.Kind() == sources.Tree {
			return entries(len(v.Tree()))
		}
	}
	return v.String()
}

func entries(n int) string { return "{" + screen.Plural(uint64(n), "entry") + "}" }

// valueStyle tells numbers, texts and the rest apart.
func valueStyle(t *screen.Theme, v sources.Value) screen.Style {
	switch v.Kind() {
	case sources.Int, sources.Float, sources.Bool:
		return t.Number
	case sources.Text:
		return t.Word
	}
	return t.Text
}
