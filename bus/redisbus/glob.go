package redisbus

// matches tells whether a name matches a pattern as Redis understands it: * ? [abc] [^a-z] and \ before a character.
func matches(pattern, name string) bool {
	for pattern != "" {
		switch pattern[0] {
		case '*':
			for pattern != "" && pattern[0] == '*' {
				pattern = pattern[1:]
			}
			if pattern == "" {
				return true
			}
			for i := range len(name) + 1 {
				if matches(pattern, name[i:]) {
					return true
				}
			}
			return false
		case '[':
			if name == "" {
				return false
			}
			in, rest := class(pattern[1:], name[0])
			if !in {
				return false
			}
			pattern, name = rest, name[1:]
		default:
			if pattern[0] == '\\' && len(pattern) > 1 {
				pattern = pattern[1:]
			} else if pattern[0] == '?' && name != "" {
				pattern, name = pattern[1:], name[1:]
				continue
			}
			if name == "" || pattern[0] != name[0] {
				return false
			}
			pattern, name = pattern[1:], name[1:]
		}
	}
	return name == ""
}

// class tells whether c is in the class that begins after a bracket, and what follows the class. One that is not
// closed ends with the pattern.
func class(set string, c byte) (in bool, rest string) {
	negated := set != "" && set[0] == '^'
	if negated {
		set = set[1:]
	}
	for set != "" && set[0] != ']' {
		switch {
		case set[0] == '\\' && len(set) > 1:
			in = in || set[1] == c
			set = set[2:]
		case len(set) > 2 && set[1] == '-':
			low, high := min(set[0], set[2]), max(set[0], set[2])
			in = in || low <= c && c <= high
			set = set[3:]
		default:
			in = in || set[0] == c
			set = set[1:]
		}
	}
	if set != "" {
		set = set[1:]
	}
	return in != negated, set
}
