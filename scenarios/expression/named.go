package expression

// Named is a scope of names whose values a frame has in Values.
func Named(names ...string) *Scope {
	roots := make(map[string]root, len(names))
	for _, name := range names {
		roots[name] = root{whole: func(f *Frame) Value { return FromAny(f.Values[name]) }}
	}
	return &Scope{roots: roots}
}
