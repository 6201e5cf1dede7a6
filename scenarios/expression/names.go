package expression

// Named is a scope of names whose values a frame has in Values.
func Named(names ...string) *Scope {
	known := make(map[string]Name, len(names))
	for _, name := range names {
		known[name] = Name{Value: func(f *Frame) Value { return FromAny(f.Values[name]) }}
	}
	return NewScope(known)
}

// Members is the name of a document; one pass over it finds all members that the expressions of a scope ask for.
func Members(document *Document, lookup *Lookup) Name {
	return Name{
		Value: func(*Frame) Value { return document.Value() },
		Member: func(name string) func(*Frame) Value {
			slot := lookup.Slot(name)
			return func(*Frame) Value { return document.Member(slot) }
		},
	}
}
