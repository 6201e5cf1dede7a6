package script

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/chance"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/values"
	"signalbox/sources"
)

// defaultWithin is how long an expectation waits unless it says otherwise.
var defaultWithin = 2 * time.Second

// Patient has expectations that do not say otherwise wait so long. It is for tests, which may run on slow machines, and is called
// before any script is read.
func Patient(within time.Duration) { defaultWithin = within }

// entityForm is "kind/id".
var entityForm = regexp.MustCompile(`^[^/]+/.+$`)

// expect compiles an expectation.
func (r *Reader) expect(w written) (action, string, error) {
	return r.expects(w, "expect", defaultWithin)
}

// short are expectations that are written in two words.
var short = map[string]ExpectSection{
	"no drift":      {Drift: file.Text{Value: none}},
	"no violations": {Violations: file.Text{Value: none}},
}

// readExpected reads what is expected.
func readExpected(node ast.Node) (ExpectSection, error) {
	var section ExpectSection
	text, ok := file.Scalar(node)
	if !ok {
		return section, file.Decode(node, &section)
	}
	section, known := short[strings.TrimSpace(text)]
	if !known {
		return section, file.At(node, "want no drift, no violations, or a mapping with what is to hold, have %q%s", text, nearest.Question(text, slices.Sorted(maps.Keys(short))))
	}
	return section, nil
}

// expects compiles what is expected, or waited for, for some time unless it says otherwise.
func (r *Reader) expects(w written, word string, within time.Duration) (action, string, error) {
	section, wrong := readExpected(w.does.Value)
	if _, words := file.Scalar(w.does.Value); wrong != nil && words {
		return nil, "", wrong
	}
	for _, given := range []ast.Node{section.Within, section.Never} {
		if given != nil {
			var err error
			within, err = above0(given)
			wrong = errors.Join(wrong, err)
		}
	}
	switch {
	case section.Never != nil && word == "wait":
		wrong = errors.Join(wrong, file.At(section.Never, "never is for expect: what is waited for is to come"))
	case section.Violations.Value == none && word == "wait":
		wrong = errors.Join(wrong, file.At(w.does.Key, "what was violated stays so, and is not waited for: expect: no violations"))
	case section.Never != nil && section.Within != nil:
		wrong = errors.Join(wrong, file.At(section.Never, "want within or never, not both"))
	case section.Never != nil && w.as != nil:
		wrong = errors.Join(wrong, file.At(w.as.Key, "what is never to come cannot have a name"))
	}
	a, text, err := r.expectation(section, w.does.Value, within)
	if err = errors.Join(wrong, err); err != nil {
		return nil, "", err
	}
	if section.Never != nil {
		return never{of: a, text: text, during: within}, word + " never " + text, nil
	}
	if w.as != nil {
		event, ok := a.(*expectEvent)
		if !ok {
			return nil, "", file.At(w.as.Key, onlyNamed)
		}
		if event.as, err = r.name(w.as); err != nil {
			return nil, "", err
		}
	}
	return a, word + " " + text, nil
}

// above0 reads one time that is above 0.
func above0(node ast.Node) (time.Duration, error) {
	span, err := values.ReadSpan(node)
	if err != nil || span.Least != span.Most || span.Most == 0 {
		return 0, file.At(node, "want one time above 0, such as 2s, have %s", file.Written(node))
	}
	return span.Most, nil
}

// expectation finds which of the forms it is.
func (r *Reader) expectation(s ExpectSection, at ast.Node, within time.Duration) (action, string, error) {
	form := ""
	for _, part := range []struct {
		name  string
		given bool
	}{
		{"entity", s.Entity != nil}, {"event", s.Event.Node != nil}, {"rejected", s.Rejected != nil},
		{"consumer", s.Consumer != nil}, {"station", s.Station != nil}, {"that", s.That.Node != nil},
		{"drift", s.Drift.Value != ""}, {"violations", s.Violations.Value != ""},
	} {
		if part.given {
			form += " " + part.name
		}
	}
	switch form {
	case " entity that":
		return r.expectEntity(s, within)
	case " event":
		return r.expectEvent(s, within)
	case " entity rejected":
		return r.expectRefusal(s, within)
	case " consumer that":
		return r.expectConsumer(s, within)
	case " station that":
		return r.expectStation(s, within)
	case " drift":
		return r.expectDrift(s, within)
	case " violations":
		return r.expectViolations(s, within)
	}
	if form == "" {
		form = " none of them"
	}
	return nil, "", file.Missing(at, "want entity and that, or event, or rejected and entity, or consumer and that, or station and that, or drift, or violations; have%s", form)
}

// subject is the entity that an expectation is about.
type subject struct {
	name   string       // given by as, or
	phrase values.Value // "kind/id"
}

func (r *Reader) subject(node ast.Node) (subject, error) {
	text, _ := file.Scalar(node)
	if values.NameForm.MatchString(text) {
		if !r.Names[text] {
			return subject{}, file.At(node, "no step before this one has the name %s (as: %s); want such a name or kind/id", text, text)
		}
		return subject{name: text}, nil
	}
	p, err := r.Names.Value(node)
	if err == nil && p.Fixed && !entityForm.MatchString(p.Written) {
		err = file.At(node, "%q is no entity: want a name given by as, or kind/id", p.Written)
	}
	return subject{phrase: p}, err
}

func (s subject) String() string { return s.name + s.phrase.Written }

// entity finds the entity meant in this run.
func (s subject) entity(names map[string]any, by *chance.Chance) (sources.Entity, error) {
	if s.name != "" {
		event, _ := names[s.name].(map[string]any)
		kind, _ := event["kind"].(string)
		id, _ := event["id"].(string)
		if kind == "" || id == "" {
			return sources.Entity{}, fmt.Errorf("the event %s has no entity of its own", s.name)
		}
		return sources.Entity{Kind: kind, ID: id}, nil
	}
	text, err := s.phrase.Fill(names, by)
	if err != nil {
		return sources.Entity{}, err
	}
	kind, id, ok := strings.Cut(text, "/")
	if !ok || kind == "" || id == "" {
		return sources.Entity{}, fmt.Errorf("%q is no entity: want kind/id", text)
	}
	return sources.Entity{Kind: kind, ID: id}, nil
}

// timeIsOver tells whether an await ended because its own time was over.
func timeIsOver(ctx context.Context, err error) bool {
	return ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded)
}
