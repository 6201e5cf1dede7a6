package script

import (
	"maps"
	"slices"

	"signalbox/scenarios/file"
)

// word is a sort of steps besides commands.
type word struct {
	read    func(r *Reader, w written) (action, string, error)
	scripts bool     // it may stand in a script
	traffic bool     // it may stand in the traffic of the demo
	named   bool     // what it finds can have a name
	beside  []string // keys that may stand beside the word
	yields  bool     // a domain may have a command of this name: that is what it means in the domain's own stories
}

// words are the sorts of steps by the word that each begins with. They are filled in below, for steps hold steps.
var words map[string]word

func init() {
	words = map[string]word{
		"wait":     {read: (*Reader).wait, scripts: true, traffic: true, named: true},
		"expect":   {read: (*Reader).expect, scripts: true, named: true},
		"say":      {read: (*Reader).say, scripts: true},
		"note":     {read: (*Reader).note, scripts: true, yields: true},
		"pause":    {read: (*Reader).pause, scripts: true, yields: true},
		"repeat":   {read: (*Reader).repeat, scripts: true, traffic: true},
		"let":      {read: (*Reader).let, scripts: true, yields: true},
		"parallel": {read: (*Reader).parallel, scripts: true, yields: true},
		"choose":   {read: (*Reader).choose, scripts: true, yields: true},
		"if":       {read: (*Reader).condition, scripts: true, yields: true, beside: []string{"then", "else"}},
		"call":     {read: (*Reader).call, scripts: true, yields: true, beside: []string{"with"}},
		"stand-in": {read: (*Reader).switching, scripts: true, yields: true},
		"raw":      {read: (*Reader).raw, traffic: true},
	}
}

// always are the keys that may stand beside whatever a step does.
var always = []string{"as", "chance"}

// Words are the keys of steps that are no commands.
func Words() []string {
	all := slices.AppendSeq(slices.Clone(always), maps.Keys(words))
	for _, word := range words {
		all = append(all, word.beside...)
	}
	return all
}

// Reserved are the names that no command can have: its steps would be of another sort.
func Reserved() []string {
	reserved := slices.Clone(always)
	for name, word := range words {
		if !word.yields {
			reserved = append(reserved, name)
		}
	}
	return reserved
}

// standsBeside tells whether a key does nothing by itself, but stands beside a word that a step has.
func (r *Reader) standsBeside(name string, pairs []file.Pair) bool {
	return slices.ContainsFunc(pairs, func(p file.Pair) bool {
		word, known := r.word(p.Name)
		return known && slices.Contains(word.beside, name)
	})
}

// word is the sort of steps that begins with a name, unless the story's own domain has a command of that name.
func (r *Reader) word(name string) (word, bool) {
	word, known := words[name]
	if known && word.yields && r.own(name) != nil {
		return word, false
	}
	return word, known
}

// wordsFor are the words of a story, for those who have misspelt one.
func (r *Reader) wordsFor() []string {
	var out []string
	for name, word := range words {
		if r.Traffic && word.traffic || !r.Traffic && word.scripts {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
