package cli

import (
	"fmt"
	"io"
	"time"

	"signalbox/scenarios"
)

// runPrinter prints how a script goes on. The first error of writing is kept, and ends nothing.
type runPrinter struct {
	out   io.Writer
	paint paint
	json  bool
	err   error
}

// stepJSON is a step that ended, as JSON.
type stepJSON struct {
	Step     int     `json:"step"`
	Of       int     `json:"of"`
	Text     string  `json:"text"`
	State    string  `json:"state"`
	Seconds  float64 `json:"seconds"`
	Note     string  `json:"note,omitempty"`
	Expected string  `json:"expected,omitempty"`
	Found    string  `json:"found,omitempty"`
}

// resultJSON is a script that ended, as JSON.
type resultJSON struct {
	Script  string  `json:"script"`
	Passed  bool    `json:"passed"`
	Steps   int     `json:"steps"`
	Seconds float64 `json:"seconds"`
}

func (p *runPrinter) title(s *scenarios.Script) {
	if p.json {
		return
	}
	p.line("%s  %s", p.paint.ink(inkBold, clean(s.FullName())), p.paint.ink(inkDim, clean(s.About)))
}

// step prints a step once it has ended.
func (p *runPrinter) step(news scenarios.Progress) {
	if news.State == scenarios.Running {
		return
	}
	if p.json {
		p.keep(writeJSON(p.out, progressJSON(news)))
		return
	}
	mark := map[scenarios.State]string{
		scenarios.Passed: p.paint.ink(inkGood, "✓"), scenarios.Failed: p.paint.ink(inkBad, "✗"), scenarios.Skipped: "·",
	}[news.State]
	p.line("  %s %d/%d %s  %s", mark, news.Index+1, news.Of, clean(news.Text), p.paint.ink(inkDim, clean(stepNote(news))))
}

func stepNote(news scenarios.Progress) string {
	if news.State == scenarios.Skipped {
		return "skipped"
	}
	note := news.Took.Round(time.Millisecond).String()
	if news.Note != "" {
		note += "  " + news.Note
	}
	return note
}

func progressJSON(news scenarios.Progress) stepJSON {
	line := stepJSON{
		Step: news.Index + 1, Of: news.Of, Text: news.Text, State: string(news.State), Seconds: news.Took.Seconds(), Note: news.Note,
	}
	if f := news.Failure; f != nil {
		line.Expected, line.Found = f.Expected, f.Found
	}
	return line
}

func (p *runPrinter) result(r scenarios.Result) {
	if p.json {
		p.keep(writeJSON(p.out, resultJSON{r.Script, r.Failed == nil, len(r.Steps), r.Took.Seconds()}))
		return
	}
	if r.Failed == nil {
		p.line("  %s in %s", p.paint.ink(inkGood, "passed"), r.Took.Round(time.Millisecond))
	}
}

func (p *runPrinter) line(format string, args ...any) {
	_, err := fmt.Fprintf(p.out, format+"\n", args...)
	p.keep(err)
}

func (p *runPrinter) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}
