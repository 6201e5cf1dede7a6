package glob

// redis matches one byte as Redis does.
func redis(pattern string, c byte) (length int, ok bool) {
	switch {
	case pattern[0] == '?':
		return 1, true
	case pattern[0] == '[':
		return class(pattern, c)
	case pattern[0] == '\\' && len(pattern) > 1:
		return 2, pattern[1] == c
	}
	return 1, pattern[0] == c
}

// class matches one byte with the class that the pattern begins with. A class without an end ends with the pattern.
func class(pattern string, c byte) (length int, ok bool) {
	rest := pattern[1:]
	negated := rest != "" && rest[0] == '^'
	if negated {
		rest = rest[1:]
	}
	for rest != "" && rest[0] != ']' {
		switch {
		case rest[0] == '\\' && len(rest) > 1:
			ok = ok || rest[1] == c
			rest = rest[2:]
		case len(rest) > 2 && rest[1] == '-':
			low, high := min(rest[0], rest[2]), max(rest[0], rest[2])
			ok = ok || low <= c && c <= high
			rest = rest[3:]
		default:
			ok = ok || rest[0] == c
			rest = rest[1:]
		}
	}
	if rest != "" { // the bracket
		rest = rest[1:]
	}
	return len(pattern) - len(rest), ok != negated
}
