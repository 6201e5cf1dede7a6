package script

import (
	"context"
	"errors"
	"slices"
	"strings"

	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
)

// switching has stand-ins work in another way: it switches them off or on, has them be slow, fail or die.
type switching []switched

type switched struct{ standIn, to string }

func (r *Reader) switching(w written) (action, string, error) {
	pairs, wrong := file.Pairs(w.does.Value)
	if wrong == nil && len(pairs) == 0 {
		wrong = file.At(w.does.Key, "want stand-ins and how they are to work, such as stand-in: { courier: off }")
	}
	var x switching
	text := []string{}
	for _, p := range pairs {
		name, unknown := r.standIn(p)
		to, ok := file.Scalar(p.Value)
		if !ok || !slices.Contains(r.known.Conditions, to) {
			unknown = errors.Join(unknown, file.At(p.Value, "want one of %s, have %s%s", strings.Join(r.known.Conditions, ", "), file.Written(p.Value),
				nearest.Question(to, r.known.Conditions)))
		}
		wrong = errors.Join(wrong, unknown)
		x = append(x, switched{name, to})
		text = append(text, p.Name+" "+to)
	}
	return x, "stand-in " + strings.Join(text, ", "), wrong
}

// standIn is the full name of a stand-in that a step names.
func (r *Reader) standIn(p file.Pair) (string, error) {
	for _, name := range []string{p.Name, r.Domain + "." + p.Name} {
		if slices.Contains(r.known.StandIns, name) {
			r.switches = with(r.switches, name)
			return name, nil
		}
	}
	return "", file.At(p.Key, "no stand-in %q%s", p.Name, nearest.Hint(p.Name, namesIn(r.Domain, r.known.StandIns)))
}

func (x switching) perform(ctx context.Context, p *Run) (string, error) {
	for _, s := range x {
		if err := p.Switch(ctx, s.standIn, s.to); err != nil {
			return "", err
		}
	}
	return "", nil
}

// needsSwitched adds the stand-ins that steps switch to those that the script needs.
func (s *Script) needsSwitched() {
	for _, name := range s.Switches {
		if !slices.Contains(s.Needs, strings.TrimPrefix(name, s.Domain+".")) {
			s.Needs = with(s.Needs, name)
		}
	}
}
