package overlays

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// refolded lists the entities that came out different when a domain file was saved, or what is wrong in it.
type refolded struct{ rowList }

// Name implements component.Overlay.
func (v *refolded) Name() string { return "what a saved domain file changed" }

func openRefolded(d *component.Deck) {
	v := &refolded{}
	v.of = func(d *component.Deck) rows {
		found := d.Reload.Found()
		switch {
		case found == nil:
			return rows{}
		case len(found.Problems) > 0:
			return rows{
				n: len(found.Problems), key: strconv.Itoa,
				head:  func(l *screen.Line) { l.Put(d.Theme.Dim, "wrong") },
				row:   func(i int, l *screen.Line) { l.Put(d.Theme.Bad, screen.CleanUpTo(found.Problems[i], l.Free())) },
				enter: func(int) tea.Cmd { return nil },
			}
		}
		all := found.Refolded.Found
		return rows{
			n:    len(all),
			key:  func(i int) string { return all[i].String() },
			head: func(l *screen.Line) { refoldedHead(d.Theme, l) },
			row:  func(i int, l *screen.Line) { refoldedRow(d.Theme, &all[i], l) },
			enter: func(i int) tea.Cmd {
				if all[i].Gone {
					return nil
				}
				d.Overlays.CloseAll()
				d.Selection.Choose(all[i].Entity)
				component.GoTo[component.StateHolder](d)
				return nil
			},
		}
	}
	d.Open(v)
}

// Draw implements component.Overlay.
func (v *refolded) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	p := screen.Panel{Title: "domain files"}
	found := d.Reload.Found()
	switch {
	case !d.Reload.Any():
		return v.panel(d, p, "no domain file is used besides those that are built in:", "--domain FILE, or domains: in signalbox.yaml, name some")
	case found == nil:
		return v.panel(d, p, "none of these was saved since signalbox runs:", screen.CleanUpTo(strings.Join(d.Reload.Files.Names(), ", "), d.Layout().Large().W-4),
			"one that is saved is used at once, and what is held is folded anew")
	case len(found.Problems) > 0:
		p.Title = "saved " + d.Clock(found.Time, false) + ": not used, what there was before still is"
		p.Info = []string{screen.Plural(uint64(len(found.Problems)), "mistake")}
		return v.panel(d, p)
	}
	r := &found.Refolded
	p.Title = "saved " + d.Clock(found.Time, false)
	if !found.Rules {
		return v.panel(d, p, "no rule is another: nothing had to be folded anew", "commands, scripts and all else are as the file says now")
	}
	p.Title += ": " + screen.Plural(r.Differ, "entity") + " of " + screen.Grouped(uint64(r.Entities)) + " came out different"
	p.Info = []string{screen.Plural(r.Events, "event") + " in " + screen.Duration(r.Took)}
	if listed := uint64(len(r.Found)); listed < r.Differ {
		p.Info = append(p.Info, "the first "+screen.Grouped(listed)+" listed")
	}
	if r.Untold > 0 {
		p.Info = append(p.Info, screen.Grouped(r.Untold)+" partial: their first events are held no more")
	}
	return v.panel(d, p, "every entity came out as it was")
}

func refoldedHead(t *screen.Theme, l *screen.Line) {
	l.Left(t.Dim, "kind", 12)
	l.Left(t.Dim, "entity", 28)
	l.Left(t.Dim, "version", 10)
	l.Put(t.Dim, "different")
}

func refoldedRow(t *screen.Theme, x *sources.Different, l *screen.Line) {
	l.Left(t.Dim, screen.CutMiddle(screen.CleanUpTo(x.Kind, 100), 11), 12)
	l.Left(t.Text, screen.CutID(screen.CleanID(x.ID), 27), 28)
	version := "v" + strconv.FormatUint(x.Version, 10)
	switch {
	case x.Gone:
		version = "none"
	case !x.New && x.WasVersion != x.Version:
		version = "v" + strconv.FormatUint(x.WasVersion, 10) + "→" + version[1:]
	}
	l.Left(t.Bright, version, 10)
	l.Put(t.Warn, screen.CleanUpTo(output.DifferentText(x), l.Free()))
}

// ReloadText says in a line what came of the domain file that was saved last.
func ReloadText(d *component.Deck) string {
	found := d.Reload.Found()
	r := &found.Refolded
	switch {
	case len(found.Problems) > 1:
		return "domain files are used as they were (R lists " + screen.Plural(uint64(len(found.Problems)), "mistake") + "): " + screen.Clean(found.Problems[0])
	case len(found.Problems) == 1:
		return "domain files are used as they were (R): " + screen.Clean(found.Problems[0])
	case !found.Rules:
		return "domain files: used as they are saved; no rule is another"
	}
	text := "domain files: " + screen.Plural(r.Events, "event") + " folded anew, " + screen.Plural(r.Differ, "entity") + " of " + screen.Grouped(uint64(r.Entities)) + " came out different"
	if r.Untold > 0 {
		text += ", " + screen.Grouped(r.Untold) + " are partial"
	}
	if r.Left > 0 {
		text += ", " + screen.Plural(r.Left, "event") + " left to make room"
	}
	return text + " (R)"
}

func refoldedKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "open", Help: "open the entity, as a double click does"}, func(v *refolded, d *component.Deck) tea.Cmd { return v.enter(d) }),
		{Names: []string{"R", "shift+r"}, Help: "domain files: what a saved one changed, or what is wrong in it", Rank: component.RankReport,
			For: component.AnyPane, Do: component.Plain(openRefolded)},
	}
}
