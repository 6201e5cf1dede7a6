package script

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
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
	node, as := w.does.Value, w.as
	if text, ok := file.Scalar(node); ok && as == nil && strings.TrimSpace(text) == noViolations {
		return expectNoViolations{}, "expect " + noViolations, nil
	}
	if text, ok := file.Scalar(node); ok && as == nil && strings.TrimSpace(text) == noDrift {
		return expectNoDrift{}, "expect " + noDrift, nil
	}
	var section ExpectSection
	wrong := file.Decode(node, &section)
	within := values.Span{Least: defaultWithin, Most: defaultWithin}
	if section.Within != nil {
		var err error
		if within, err = values.ReadSpan(section.Within); err != nil || within.Least != within.Most || within.Most == 0 {
			wrong = errors.Join(wrong, file.At(section.Within, "want one time above 0, such as 2s, have %s", file.Written(section.Within)))
		}
	}
	a, text, err := r.expectation(section, node, within.Most)
	if err = errors.Join(wrong, err); err != nil {
		return nil, "", err
	}
	if as != nil {
		event, ok := a.(*expectEvent)
		if !ok {
			return nil, "", file.At(as.Key, "only a command or an expected event can have a name")
		}
		if event.as, err = r.name(as); err != nil {
			return nil, "", err
		}
	}
	return a, "expect " + text, nil
}

// expectation finds which of the four forms it is.
func (r *Reader) expectation(s ExpectSection, at ast.Node, within time.Duration) (action, string, error) {
	form := ""
	for _, part := range []struct {
		name  string
		given bool
	}{
		{"entity", s.Entity != nil}, {"event", s.Event.Node != nil}, {"rejected", s.Rejected != nil},
		{"consumer", s.Consumer != nil}, {"that", s.That.Node != nil},
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
	}
	if form == "" {
		form = " none of them"
	}
	return nil, "", file.Missing(at, "want entity and that, or event, or rejected and entity, or consumer and that; have%s", form)
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
func (s subject) entity(names map[string]any) (sources.Entity, error) {
	if s.name != "" {
		event, _ := names[s.name].(map[string]any)
		kind, _ := event["kind"].(string)
		id, _ := event["id"].(string)
		if kind == "" || id == "" {
			return sources.Entity{}, fmt.Errorf("the event %s has no entity of its own", s.name)
		}
		return sources.Entity{Kind: kind, ID: id}, nil
	}
	text, err := s.phrase.Text(names)
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
