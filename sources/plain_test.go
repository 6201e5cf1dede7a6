package sources

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// plainDomain understands "KIND TYPE ID field=value field=value": a field that begins with "." is a name of the entity, a dot
// within one leads into a tree, one that ends with "+" is a list to append to, and these types mean something: REFUSE refuses,
// after writing; ONCE refuses where the field once is there; FAIL fails; PANIC panics in the fold, DIE in understanding; CLEAR
// begins anew. NONE folds nothing; COPY tells of an application's copy. What has no three words cannot be read, and a thing
// without a name ("_") belongs to nobody.
type plainDomain struct{ kinds map[string]*state.Kind }

func newPlainDomain() *plainDomain { return &plainDomain{kinds: map[string]*state.Kind{}} }

func (d *plainDomain) kind(name string) *state.Kind {
	if d.kinds[name] == nil {
		d.kinds[name] = state.NewKind(name)
	}
	return d.kinds[name]
}

func (d *plainDomain) Kind(name string) *state.Kind { return d.kind(name) }

func (d *plainDomain) Twin() Domains { return newPlainDomain() }

func (d *plainDomain) Understand(e *Event) {
	words := bytes.Fields(e.Data)
	if len(words) < 3 {
		e.Problem, e.Undecodable = "no three words", true
		return
	}
	if string(words[2]) == "_" {
		e.Type, e.Problem = packed.String(words[1]), "belongs to nobody"
		return
	}
	e.Type, e.ID, e.Fold = packed.String(words[1]), packed.String(words[2]), plainFold{}
	e.Kind = d.kind(string(words[0]))
	if e.ID == "-" {
		e.ID = ""
	}
	for _, w := range words[3:] {
		if w[0] == '.' {
			e.Names = append(e.Names, packed.String(w[1:]))
		}
	}
	switch e.Type {
	case "DIE":
		panic("as told")
	case "NONE":
		e.Fold = nil
	case "COPY":
		e.Fold, e.Copy = nil, true
	}
}

type plainFold struct{}

func (plainFold) Apply(e *Event, s *state.State) (string, error) {
	if e.Type == "CLEAR" {
		s.Partial = false
		for slot := range s.Len() {
			s.Set(slot, state.Value{})
		}
	}
	if once := s.Kind.Slot("once"); e.Type == "ONCE" && s.Get(once).Kind() != state.Absent {
		return "was there before", nil
	}
	for _, w := range bytes.Fields(e.Data)[3:] {
		name, text, ok := bytes.Cut(w, []byte("="))
		if !ok || name[0] == '.' {
			continue
		}
		v := state.TextValue(packed.String(text))
		if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
			v = state.IntValue(n)
		}
		if len(text) == 0 {
			v = state.Value{}
		}
		if name, ok := bytes.CutSuffix(name, []byte("+")); ok {
			path := strings.Split(packed.String(name), ".")
			s.Append(s.Kind.Slot(path[0]), path[1:], v)
			continue
		}
		path := strings.Split(packed.String(name), ".")
		s.SetIn(s.Kind.Slot(path[0]), path[1:], v)
	}
	switch e.Type {
	case "REFUSE":
		return "refused as told", nil
	case "FAIL":
		return "", fmt.Errorf("failed as told")
	case "PANIC":
		panic("as told")
	}
	return "", nil
}
