package expression

import (
	"fmt"
	"maps"
	"slices"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/types"
)

// Scope is the names that an expression may use.
type Scope struct {
	names     map[string]Name
	functions map[string]Function // that WithFunctions added
	options   []expr.Option
	meter     *meter // of what runs on expr's interpreter
	lets      int
	made      *conf.Config // what expr knows of the scope; nil when a name was added since
}

// Name is one name of a scope, and how its value is found.
type Name struct {
	Value  func(*Frame) Value
	Member func(name string) func(*Frame) Value   // a way to one member that is better than to take it out of the whole; may be nil
	Below  func(member string) func(*Frame) Value // Member, where something below the member is asked for and not all of it; may be nil
	Type   Type                                   // for the checker; nil: anything
	Ages   bool                                   // its value changes by itself, as time goes by
	States bool                                   // it is about the states of an entity before and after an event
}

// Type is what a name's value is known to be before it is computed.
type Type = types.Type

// What a value may be known to be.
var (
	Text   Type = types.String
	Int    Type = types.Int
	Float  Type = types.Float64
	Bool   Type = types.Bool
	Object      = types.TypeOf(map[string]any{})
	Truths      = types.TypeOf(map[string]bool{})
)

// NewScope makes a scope of names.
func NewScope(names map[string]Name) *Scope { return &Scope{names: names, meter: &meter{}} }

// maxLets bounds the names that one rule may give.
const maxLets = 64

// Names lists the names of the scope, those of its own functions too.
func (s *Scope) Names() []string {
	return slices.AppendSeq(slices.Sorted(maps.Keys(s.names)), maps.Keys(s.functions))
}

// Has tells whether the scope has a name.
func (s *Scope) Has(name string) bool { _, ok := s.names[name]; return ok }

// With makes a scope that has further names; s is as it was.
func (s *Scope) With(more map[string]Name) *Scope {
	names := maps.Clone(s.names)
	maps.Copy(names, more)
	return &Scope{names: names, functions: s.functions, options: s.options, lets: s.lets, meter: s.meter}
}

// Let makes a scope in which name is what x comes to. It is computed once for each event, when it is first asked for.
func (s *Scope) Let(name string, x Expression) (*Scope, error) {
	if s.lets == maxLets {
		return nil, fmt.Errorf("a rule may name at most %d expressions", maxLets)
	}
	if s.Has(name) {
		return nil, fmt.Errorf("%s is a name already", name)
	}
	inner := s.With(map[string]Name{name: {Value: let(s.lets, x)}})
	inner.lets++
	return inner, nil
}

func let(i int, x Expression) eval {
	bit := uint64(1) << i
	return func(f *Frame) Value {
		if f.done&bit != 0 {
			f.Unknown = f.Unknown || f.unsure&bit != 0
			return f.lets[i]
		}
		before := f.Unknown
		f.Unknown = false
		v := x.eval(f)
		if f.err == nil {
			for len(f.lets) <= i {
				f.lets = append(f.lets, Value{})
			}
			f.lets[i], f.done = v, f.done|bit
			if f.Unknown {
				f.unsure |= bit
			} else {
				f.unsure &^= bit
			}
		}
		f.Unknown = f.Unknown || before
		return v
	}
}

// Function is a function that expressions may call.
type Function func(args ...any) (any, error)

// WithFunctions makes a scope that has further functions. What they say of a call whose arguments are written out is said when it
// is compiled: they are called for that.
func (s *Scope) WithFunctions(functions map[string]Function) *Scope {
	inner := s.With(nil)
	inner.options = slices.Clone(s.options)
	inner.functions = maps.Clone(functions)
	maps.Copy(inner.functions, s.functions)
	for name, function := range functions {
		inner.options = append(inner.options, expr.Function(name, function))
	}
	return inner
}

// config is what expr's parser and checker know of the scope.
func (s *Scope) config() *conf.Config {
	if s.made != nil {
		return s.made
	}
	env := make(types.Map, len(s.names))
	for name, known := range s.names {
		if env[name] = known.Type; known.Type == nil {
			env[name] = types.Any
		}
	}
	c := conf.CreateNew()
	for _, option := range append(interpreterOptions(env, s.meter), s.options...) {
		option(c)
	}
	for name := range c.Disabled {
		delete(c.Builtins, name)
	}
	c.Check()
	s.made = c
	return c
}
