package results

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"signalbox/scenarios/script"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// Printer prints how a script goes on. The first error of writing is kept, and stops the script: nobody sees how it goes on.
type Printer struct {
	Out     io.Writer
	Colours output.Colours
	JSON    bool
	Live    bool // a line may be gone over
	Whole   bool // what was expected is said with the step: at the end it would be far from it
	Stop    func()
	Err     error // of writing

	over   bool   // the last line is to be gone over
	script string // its name, once its title was given
}

// stepJSON is a step that ended, as JSON.
type stepJSON struct {
	Script   string  `json:"script"`
	Step     int     `json:"step"`
	Of       int     `json:"of"`
	Text     string  `json:"text"`
	State    string  `json:"state"`
	Seconds  float64 `json:"seconds"`
	Note     string  `json:"note,omitempty"`
	Expected string  `json:"expected,omitempty"`
	Found    string  `json:"found,omitempty"`
	Where    string  `json:"where,omitempty"`

	Evidence *evidenceJSON `json:"evidence,omitempty"`
}

// resultJSON is a script that ended, as JSON.
type resultJSON struct {
	Script  string  `json:"script"`
	Passed  bool    `json:"passed"`
	Steps   int     `json:"steps"`
	Seconds float64 `json:"seconds"`
	Seed    uint64  `json:"seed"`

	Sent  []destinationJSON `json:"sent"`
	Loads []map[string]any  `json:"loads,omitempty"`
}

// destinationJSON is where events went, and who received them, as JSON.
type destinationJSON struct {
	Name      string   `json:"name"`
	Events    int      `json:"events"`
	Stored    bool     `json:"stored"`
	Receivers []string `json:"receivers,omitempty"`
	Counted   *int64   `json:"received_by,omitempty"`
}

func destinationsJSON(sent []script.Destination) []destinationJSON {
	out := make([]destinationJSON, len(sent))
	for i, d := range sent {
		out[i] = destinationJSON{Name: d.Name, Events: d.Events, Stored: d.Stored, Receivers: d.Receivers}
		if !d.Stored && d.Counted >= 0 {
			out[i].Counted = &d.Counted
		}
	}
	return out
}

// Title begins with a script.
func (p *Printer) Title(s *script.Script) {
	p.script = s.FullName()
	if p.JSON {
		return
	}
	p.line("%s", strings.TrimSpace(p.Colours.Paint(output.Bold, screen.Clean(s.FullName()))+"  "+p.Colours.Paint(output.Dim, screen.Clean(s.About))))
}

// Step prints a step once it has ended.
func (p *Printer) Step(news script.Progress) {
	if news.State == script.Running {
		p.inner(news)
		return
	}
	defer p.load(news)
	if p.JSON {
		p.keep(output.WriteJSON(p.Out, progressJSON(p.script, news)))
		return
	}
	switch step := fmt.Sprintf("%*d/%d", len(strconv.Itoa(news.Of)), news.Index+1, news.Of); news.State {
	case script.Skipped:
		p.line("  · %s %s  %s", step, screen.Clean(news.Text), p.Colours.Paint(output.Dim, "skipped"))
	case script.Failed:
		p.line("  %s %s %s", p.Colours.Paint(output.Bad, "✗"), step, screen.Clean(news.Text))
		p.failed(news.Failure)
	default:
		switch news.Kind {
		case "note": // which is for whoever presents it
			p.line("  %s %s %s", p.Colours.Paint(output.Good, "✓"), step, p.Colours.Paint(output.Dim, "note  "+screen.Clean(news.Note)))
			return
		case "say", "pause":
			p.line("  %s %s %s", p.Colours.Paint(output.Good, "✓"), step, p.Colours.Paint(output.Bold, screen.Clean(news.Note)))
			return
		}
		p.line("  %s %s %s  %s", p.Colours.Paint(output.Good, "✓"), step, screen.Clean(news.Text), p.Colours.Paint(output.Dim, took(news)))
	}
}

// inner prints what a step inside of another says, and what a load there has come to.
func (p *Printer) inner(of script.Progress) {
	p.load(of)
	news := of.Inner
	if news == nil || news.State == script.Running {
		p.going(of)
		return
	}
	if p.JSON || news.State != script.Passed || news.Kind != "say" && news.Kind != "pause" {
		return
	}
	p.line("      %s  %s", p.Colours.Paint(output.Bold, screen.Clean(news.Note)), p.Colours.Paint(output.Dim, screen.Clean(news.Path)))
}

// took says how long a step took, and what it said, in short.
func took(news script.Progress) string {
	text := news.Took.Round(time.Millisecond).String()
	if news.Note != "" && news.Load == nil { // which says the same
		text += "  " + screen.Clean(output.ShortenTo(news.Note, maxNote))
	}
	return text
}

// maxNote bounds what is shown of what a step said, in bytes.
const maxNote = 72

func progressJSON(of string, news script.Progress) stepJSON {
	line := stepJSON{
		Script: of, Step: news.Index + 1, Of: news.Of, Text: news.Text, State: string(news.State), Seconds: news.Took.Seconds(), Note: news.Note,
	}
	if f := news.Failure; f != nil {
		line.Expected, line.Found, line.Where, line.Evidence = f.Expected, f.Found, f.Where(), evidenceOf(f)
	}
	return line
}

// Result prints what a script came to.
func (p *Printer) Result(r script.Result) {
	if p.JSON {
		p.keep(output.WriteJSON(p.Out, resultJSON{r.Script, r.Failed == nil, len(r.Steps), r.Took.Seconds(), r.Seed, destinationsJSON(r.Sent), loadsJSON(r.Loads)}))
		return
	}
	for _, d := range r.Sent {
		p.line("  %s", p.Colours.Paint(output.Dim, screen.Clean(d.String())))
	}
	if r.Failed == nil {
		p.line("  %s in %s", p.Colours.Paint(output.Good, "passed"), r.Took.Round(time.Millisecond))
	}
}

func (p *Printer) line(format string, args ...any) {
	p.clear()
	_, err := fmt.Fprintf(p.Out, format+"\n", args...)
	p.keep(err)
}

func (p *Printer) keep(err error) {
	if err != nil && p.Err == nil {
		p.Err = err
		p.Stop()
	}
}
