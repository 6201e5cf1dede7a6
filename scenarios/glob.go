package scenarios

// matchGlob tells whether a text is as a glob says: * stands for any text, ? for any one byte.
func matchGlob(glob, s string) bool { return match(glob, s, func(c byte) byte { return c }) }

// matchFold is matchGlob whatever the case of the letters; glob is in lower case.
func matchFold(glob, s string) bool { return match(glob, s, fold) }

func match(glob, s string, letter func(byte) byte) bool {
	star, from := -1, 0 // the last star, and where the text it stands for ends so far
	i, j := 0, 0
	for j < len(s) {
		switch {
		case i < len(glob) && glob[i] == '*':
			star, from = i, j
			i++
		case i < len(glob) && (glob[i] == '?' || glob[i] == letter(s[j])):
			i, j = i+1, j+1
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(glob) && glob[i] == '*' {
		i++
	}
	return i == len(glob)
}
