package output

import (
	"fmt"
	"io"
	"strings"

	"signalbox/scenarios/cohort"
	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/screen"
)

// EntityText is what is true of an entity, in one line.
func EntityText(row sources.EntityRow) string {
	fields := make([]string, len(row.Fields))
	for i, f := range row.Fields {
		fields[i] = f.Name + "=" + shorten(f.Value.String())
	}
	return notes(row) + shorten(strings.Join(fields, " "))
}

// EntityCells are an entity's id and the fields named, a cell each; what has to be known of it stands behind its id.
func EntityCells(row *sources.EntityRow, columns []string) []string {
	cells := []string{row.ID}
	if row.Partial {
		cells[0] += " (partial)"
	}
	for _, name := range columns {
		switch name {
		case "id":
		case "version":
			cells = append(cells, fmt.Sprintf("v%d", row.Version))
		default:
			text := ""
			if v := cohort.Value(row, name); v.Kind() != state.Absent {
				text = shorten(v.String())
			}
			cells = append(cells, text)
		}
	}
	return cells
}

// notes are what has to be known about a row before it is believed.
func notes(row sources.EntityRow) string {
	var text string
	if row.Partial {
		text += "(partial: " + row.Lack.String() + ") "
	}
	if row.Evicted {
		text += "(given up for want of memory) "
	}
	return text
}

// ShowEntity prints one entity for people, with its history when that is wanted.
func ShowEntity(out io.Writer, d *sources.EntityDetail, history bool) error {
	p := ColoursFor(out)
	title := []string{d.Kind + " " + d.ID, fmt.Sprintf("v%d", d.Shown)}
	if d.Status != "" {
		title = append(title, d.Status)
	}
	if d.Shown < d.Newest {
		title = append(title, fmt.Sprintf("newest is v%d", d.Newest))
	}
	if d.Rejected > 0 {
		title = append(title, fmt.Sprintf("%d refused", d.Rejected))
	}
	fmt.Fprintln(out, p.Paint(Bold, screen.Clean(strings.Join(title, " · "))), notes(d.EntityRow))
	t := NewTable(out, "FIELD", "VALUE", "WAS", "SET BY")
	for _, f := range d.State {
		by := f.SetBy
		if f.SetAt > 0 {
			by = strings.TrimSpace(fmt.Sprintf("%s v%d", f.SetBy, f.SetAt))
		}
		t.Row(f.Name, shorten(f.Value.String()), shorten(f.Was.String()), by)
	}
	for _, name := range d.Unknown {
		t.Row(name, "unknown", "", "no event that was seen")
	}
	if err := t.Flush(); err != nil || !history {
		return err
	}
	return showHistory(out, p, d)
}

// OlderVersions says how many versions are not in the history of an entity, and why, or "".
func OlderVersions(d *sources.EntityDetail) string {
	switch {
	case d.Missing == 0:
		return ""
	case len(d.History) >= sources.MaxHistory:
		return fmt.Sprintf("the newest %s, %s older", screen.Grouped(sources.MaxHistory), screen.Grouped(d.Missing))
	}
	return screen.Grouped(d.Missing) + " older left the window"
}

// showHistory prints each event of an entity and what it changed.
func showHistory(out io.Writer, p Colours, d *sources.EntityDetail) error {
	if older := OlderVersions(d); older != "" {
		fmt.Fprintln(out, older)
	}
	for i := range d.History {
		if _, err := fmt.Fprintln(out, StepText(p, &d.History[i])); err != nil {
			return err
		}
	}
	return nil
}

// StepText is one event of a history in a line: what it changed, or what went wrong with it.
func StepText(p Colours, step *sources.HistoryStep) string {
	line := fmt.Sprintf("%s v%-3d %s", p.Paint(Dim, step.Time.Format("15:04:05.000")), step.Version, screen.Clean(step.Type))
	for _, change := range step.Changes {
		line += "  " + screen.Clean(change.Name+": "+shorten(change.Was.String())+" → "+shorten(change.Is.String()))
	}
	if step.Unjudged {
		line += "  (not judged)"
	}
	if fault, why := step.Fault(); fault != "" {
		line += "  " + p.Paint(Bad, fault.Sign()+" "+screen.Clean(why))
	}
	return line
}
