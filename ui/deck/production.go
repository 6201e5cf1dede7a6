package deck

import (
	"signalbox/bus"
	"signalbox/ui/screen"
)

// production is the name under which a bus is marked as production, or "".
func (d *deck) production(b bus.Bus) string {
	if d.opt.Production == nil {
		return ""
	}
	return screen.Clean(d.opt.Production(b))
}

// foreign says what makes one ask before anything is sent to a bus: "is not on this machine"; "" when nothing does.
func (d *deck) foreign(b bus.Bus) string {
	name := d.production(b)
	info := b.Info()
	switch {
	case name != "":
		return "is marked as production (" + name + ")"
	case info.Loopback || info.Embedded:
		return ""
	default:
		return "is not on this machine"
	}
}

// alarm marks in the header each bus that is production.
func (d *deck) alarm() []part {
	var parts []part
	for _, b := range d.opt.Buses {
		if name := d.production(b); name != "" {
			loud := d.theme.Bad.With(d.theme.Bright).With(d.theme.Reverse)
			parts = append(parts, part{loud, " production · " + name + " ", 0, true}, part{d.theme.Text, "  ", 0, false})
		}
	}
	return parts
}
