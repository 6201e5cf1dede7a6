package results

import (
	"bytes"
	"fmt"
	"io"

	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// failed prints what was there when an expectation was not met; what was expected, too, where that is not said at the end.
func (p *Printer) failed(f *script.Failure) {
	if f == nil {
		return
	}
	if p.Whole {
		p.line("      %s", p.Colours.Paint(output.Bad, screen.Clean(f.Where())))
		p.line("      expected %s", screen.Clean(f.Expected))
		p.line("      found    %s", screen.Clean(f.Found))
	}
	var text bytes.Buffer
	showEvidence(&text, p.Colours, f.Evidence)
	for line := range bytes.Lines(text.Bytes()) {
		p.line("      %s", bytes.TrimRight(line, "\n"))
	}
}

// showEvidence writes the history of the entity that a failure is about, and the events around it.
func showEvidence(out io.Writer, colours output.Colours, x *script.Evidence) {
	if x == nil {
		return
	}
	if d := x.Entity; d != nil {
		fmt.Fprintf(out, "history of %s", screen.Clean(d.Kind+"/"+d.ID))
		if x.Older > 0 {
			fmt.Fprintf(out, ", the newest %d, %s older", len(d.History), screen.Grouped(x.Older))
		}
		fmt.Fprintln(out)
		for i := range d.History {
			fmt.Fprintln(out, "  "+output.StepText(colours, &d.History[i]))
		}
	}
	if len(x.Around) == 0 {
		return
	}
	fmt.Fprint(out, "events around it")
	if x.More > 0 {
		fmt.Fprintf(out, ", %s more belong to it", screen.Grouped(uint64(x.More)))
	}
	fmt.Fprintln(out)
	form := output.EventLine(colours)
	for _, around := range x.Around {
		line := bytes.TrimRight(form(nil, around.Event), "\n")
		fmt.Fprintf(out, "  %s  %s\n", line, colours.Paint(output.Dim, "("+screen.Clean(around.Why)+")"))
	}
}

// evidenceJSON is an Evidence as JSON.
type evidenceJSON struct {
	Entity *output.EntityLine `json:"entity,omitempty"` // with its history
	Older  uint64             `json:"older,omitempty"`  // events of the history that are not in it
	Around []aroundJSON       `json:"around,omitempty"`
	More   int                `json:"more,omitempty"` // events that belong to it, and are not in around
}

// aroundJSON is an event around a failure.
type aroundJSON struct {
	Why   string         `json:"why"`
	Event *sources.Event `json:"event"`
}

func evidenceOf(f *script.Failure) *evidenceJSON {
	if f == nil || f.Evidence == nil {
		return nil
	}
	out := &evidenceJSON{Older: f.Evidence.Older, More: f.Evidence.More}
	if d := f.Evidence.Entity; d != nil {
		line := output.EntityDetailJSON(d, true)
		out.Entity = &line
	}
	for _, around := range f.Evidence.Around {
		out.Around = append(out.Around, aroundJSON{around.Why, around.Event})
	}
	return out
}
