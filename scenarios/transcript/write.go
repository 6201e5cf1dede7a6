package transcript

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// least is the time between two events from which on a step waits.
const least = 10 * time.Millisecond

// Script is the script as a file, under a name.
func (t *Transcript) Script(name, about string) string {
	t.settle()
	var b strings.Builder
	fmt.Fprintf(&b, "%s:\n  about: %s\n", name, quote(about))
	for _, line := range t.remarks() {
		fmt.Fprintf(&b, "  # %s\n", clean(line))
	}
	b.WriteString("  steps:\n")
	for i := range t.steps {
		s := &t.steps[i]
		if wait := t.before(i); wait > 0 {
			fmt.Fprintf(&b, "    - wait: %s\n", wait)
		}
		fmt.Fprintf(&b, "    - %s: {", s.command)
		if len(s.fields) > 0 {
			b.WriteString(" " + strings.Join(s.fields, ", ") + " ")
		}
		b.WriteString("}\n")
		if s.used {
			fmt.Fprintf(&b, "      as: %s\n", s.name)
		}
		if s.failed != "" {
			fmt.Fprintf(&b, "    # its fold failed: %s\n", clean(s.failed))
		}
		for _, line := range s.written {
			fmt.Fprintf(&b, "    - %s\n", line)
		}
		for _, l := range s.left {
			fmt.Fprintf(&b, "    # left out: %s\n", clean(l.String()))
		}
	}
	return b.String()
}

// before is how long a step waits.
func (t *Transcript) before(i int) time.Duration {
	if !t.options.Waits || i == 0 {
		return 0
	}
	wait := t.steps[i].at.Sub(t.steps[i-1].at)
	if wait < least {
		return 0
	}
	return wait.Round(time.Millisecond)
}

// remarks are what a reader is to know.
func (t *Transcript) remarks() (all []string) {
	if len(t.followed) > 0 {
		all = append(all, "Others sent "+strings.Join(t.followed, ", ")+": needs names the stand-ins that do, where nothing else does.")
	}
	if t.copies > 0 {
		all = append(all, fmt.Sprintf("Left out: %d that tell of copies of states.", t.copies))
	}
	for i := range t.steps {
		a := t.steps[i].entity
		if a == nil || a.named {
			continue
		}
		a.named = true
		switch {
		case a.older:
			all = append(all, fmt.Sprintf("Nothing is expected of %s, which began before.", a.entity))
		case a.lost:
			all = append(all, fmt.Sprintf("From the event of %s on that is left out nothing is expected of it.", a.entity))
		}
	}
	return all
}

// clean is a text on one line, without what a terminal would obey.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.Join(strings.Fields(text), " "))
}
