package file

import (
	"errors"
	"strings"
	"testing"
)

// form has one field of each sort that a file can fill.
type form struct {
	Name   string            `yaml:"name"`
	On     bool              `yaml:"on"`
	Count  int               `yaml:"count"`
	Least  *float64          `yaml:"least"`
	Words  []string          `yaml:"words"`
	Named  map[string]string `yaml:"named"`
	Order  Map[Text]         `yaml:"order"`
	Many   Texts             `yaml:"many"`
	Within struct {
		Deep Text `yaml:"deep"`
	} `yaml:"within"`
}

func read(text string) (form, error) {
	var f form
	tree, err := Parse([]byte(text))
	if err == nil {
		err = Decode(tree, &f)
	}
	return f, InFile("x.yaml", err)
}

func TestDecode(t *testing.T) {
	f, err := read(`
name: 007
on: true
count: -12
least: 2
words: [a, 1]
named: { x: y }
order: { b: 1, a: &text two }
many: one
within: { deep: *text }
`)
	if err != nil {
		t.Fatal(err)
	}
	if f.Name != "007" || !f.On || f.Count != -12 || f.Least == nil || *f.Least != 2 || len(f.Words) != 2 || f.Words[1] != "1" {
		t.Errorf("got %+v", f)
	}
	if f.Named["x"] != "y" || len(f.Order) != 2 || f.Order[0].Name != "b" || f.Order[1].Value.Value != "two" {
		t.Errorf("got %+v", f)
	}
	if got := f.Many.Values(); len(got) != 1 || got[0] != "one" || f.Within.Deep.Value != "two" {
		t.Errorf("got %+v", f)
	}
}

func TestErrorsSayWhereAndWhatWasExpected(t *testing.T) {
	for text, want := range map[string]string{
		"nam: x":                              `x.yaml:1:1: unknown key "nam"; did you mean name?`,
		"name: [x]":                           `x.yaml:1:7: want a text, have a list`,
		"on: maybe":                           `x.yaml:1:5: want true or false, have "maybe"`,
		"on: \"true\"":                        `x.yaml:1:5: want true or false, have "true"`,
		"count: 1.5":                          `x.yaml:1:8: want a whole number, have "1.5"`,
		"count: 99999999999999999999":         `x.yaml:1:8: want a whole number, have "99999999999999999999"`,
		"least: much":                         `x.yaml:1:8: want a number, have "much"`,
		"words: x":                            `x.yaml:1:8: want a list, have "x"`,
		"named: [x]":                          `x.yaml:1:8: want a mapping (name: value), have a list`,
		"many: [a, [b]]":                      `x.yaml:1:11: want a text, have a list; an expression that begins with [ or { is written in quotes`,
		"within: { deep: { a: 1 } }":          `x.yaml:1:17: want a text, have a mapping; an expression that begins with [ or { is written in quotes`,
		"within:\n  deap: x\n":                `x.yaml:2:3: unknown key "deap"; did you mean deep?`,
		"\ufeffnam: x":                        `x.yaml:1:1: unknown key "nam"; did you mean name?`,
		"named: " + strings.Repeat("é", 5000): `x.yaml:1:8: want a mapping (name: value), have "` + strings.Repeat("é", 80) + `…"`,
		"name: *nothing":                      `x.yaml:1:7: want a text, have an alias of nothing before it`,
		"name: a\nname: b":                    `x.yaml:2:1: name is there already, in line 1`,
		"name: [a":                            `x.yaml:1:7: sequence end token ']' not found`,
		"name: a\n---\nname: b\n":             `x.yaml:3:5: want one document in a file, have 2`,
	} {
		_, err := read(text)
		var at *Error
		if !errors.As(err, &at) || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestAnEmptyFileHasNoTree(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n"} {
		if tree, err := Parse([]byte(text)); tree != nil || err != nil {
			t.Errorf("%q: tree %v, error %v", text, tree, err)
		}
	}
}
