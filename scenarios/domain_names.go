package scenarios

import (
	"errors"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/script"
)

// checkNames checks that what people name in commands and steps can be named there.
func (d *domain) checkNames(tree ast.Node) error {
	var wrong error
	pairs, _ := file.Pairs(tree)
	for _, pair := range pairs {
		switch {
		case pair.Name == "domain" && d.Name != "":
			wrong = errors.Join(wrong, file.CheckName("a domain", d.Name, pair.Value))
		case pair.Name == "entity" && d.Entity != "":
			wrong = errors.Join(wrong, file.CheckName("a kind of entities", d.Entity, pair.Value))
		}
	}
	for _, entry := range d.Commands {
		wrong = errors.Join(wrong, file.CheckName("a command", entry.Name, entry.Key))
		if slices.Contains(script.Reserved(), entry.Name) {
			wrong = errors.Join(wrong, file.At(entry.Key, "a command cannot have the name %s: in a script it begins a step of another sort", entry.Name))
		}
	}
	for _, entry := range d.Fold {
		if strings.TrimSpace(entry.Name) == "" {
			wrong = errors.Join(wrong, file.At(entry.Key, "want the type of the events that the rule is for, have an empty text"))
		}
	}
	return wrong
}

// checkStations checks what the domain says of stations, and of the keys where the application keeps its copies.
func (d *domain) checkStations() error {
	var wrong error
	for _, s := range d.Stations {
		wrong = errors.Join(wrong, checkStation(s))
	}
	for _, truth := range d.Truth {
		if !slices.Contains(truthBuses, truth.Name) {
			wrong = errors.Join(wrong, file.At(truth.Key, "no bus %q%s", truth.Name, nearest.Hint(truth.Name, truthBuses)))
		}
		if _, unclear := truth.Value.Template(expression.Named("id")); unclear == nil && !strings.Contains(truth.Value.Value, "{id}") {
			wrong = errors.Join(wrong, file.At(truth.Value.Node, "want a key with {id} in it, such as %s:{id}, have %q", d.Entity, truth.Value.Value))
		}
	}
	return wrong
}

// truthBuses are the buses on which an application may keep its copies.
var truthBuses = []string{"nats", "redis"}

func checkStation(s file.Entry[stationSection]) error {
	var wrong error
	if strings.TrimSpace(s.Name) == "" || strings.ContainsAny(s.Name, " \t\r\n") {
		wrong = file.At(s.Key, "the name of a station has no blanks, and is not empty; have %q", s.Name)
	}
	kind := s.Value.Kind
	if kind.Node != nil && !slices.Contains(stationKinds, kind.Value) {
		return errors.Join(wrong, file.At(kind.Node, "station %s: want a kind of %s, have %q%s", s.Name, strings.Join(stationKinds, ", "),
			kind.Value, nearest.Question(kind.Value, stationKinds)))
	}
	for _, subject := range s.Value.Subjects {
		switch text := subject.Value; {
		case !s.Value.is(kindStream):
			return errors.Join(wrong, file.At(subject.Node, "station %s: only a stream has subjects", s.Name))
		case !isSubject(text):
			wrong = errors.Join(wrong, file.At(subject.Node, "station %s: want a subject such as orders.>, have %q", s.Name, text))
		}
	}
	return wrong
}

// isSubject tells whether a stream can take in a subject: tokens with dots between, and > as the last only.
func isSubject(text string) bool {
	tokens := strings.Split(text, ".")
	for i, token := range tokens {
		if token == "" || strings.ContainsAny(token, " \t\r\n") || token == ">" && i < len(tokens)-1 {
			return false
		}
	}
	return true
}
