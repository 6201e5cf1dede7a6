package sources

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"signalbox/sources/state"
)

// flatFields are fields as the model has them.
func flatFields(fields []state.Field) map[string]string {
	out := map[string]string{}
	for _, f := range fields {
		flatten(out, f.Name, f.Value)
	}
	return out
}

// A history that is imagined comes to what folding it anew comes to, and the states part where folding both anew says so.
func TestWhatIfIsARefold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := model{}
		trees := rapid.Bool().Draw(rt, "trees")
		for range rapid.IntRange(1, 20).Draw(rt, "events") {
			m.texts = append(m.texts, drawText(rt, trees))
		}
		e, ctx := running(rt, Options{})
		b := newMemoryBus("s")
		attach(ctx, rt, e, b)
		b.texts(ctx, rt, e, "s", m.texts...)
		of := Entity{Kind: "thing", ID: strings.Fields(m.texts[0])[2]}
		refs, err := e.EventsOf(ctx, of)
		if err != nil {
			rt.Fatal(err)
		}
		var list []Imagined
		var texts []string
		for _, r := range refs {
			switch rapid.SampledFrom([]string{"keep", "keep", "keep", "leave out", "repeat", "edit", "add"}).Draw(rt, "what") {
			case "leave out":
				continue
			case "repeat":
				list = append(list, Imagined{Number: r.Number, Again: true})
				texts = append(texts, m.texts[r.Number-1])
			case "edit", "add":
				words := strings.Fields(drawText(rt, trees))
				words[2] = of.ID
				text := strings.Join(words, " ")
				list = append(list, Imagined{Event: &Event{Received: Received{Bus: "memory", Station: "s", Data: []byte(text)}}})
				texts = append(texts, text)
				continue
			}
			list = append(list, Imagined{Number: r.Number})
			texts = append(texts, m.texts[r.Number-1])
		}
		if len(list) > 1 && rapid.Bool().Draw(rt, "move") {
			i, j := rapid.IntRange(0, len(list)-1).Draw(rt, "from"), rapid.IntRange(0, len(list)-1).Draw(rt, "to")
			list[i], list[j], texts[i], texts[j] = list[j], list[i], texts[j], texts[i]
		}
		got, err := e.WhatIf(ctx, of, list, 0)
		if err != nil {
			rt.Fatal(err)
		}
		want := refold(texts, of.ID, len(texts))
		if have := flatFields(got.State); !maps.Equal(have, want.fields) || got.Version != want.version || len(got.Steps) != len(list) {
			rt.Fatalf("%v v%d, want %v v%d of %q", have, got.Version, want.fields, want.version, texts)
		}
		really := m.fold(of.ID, 0, 0)
		if have := flatFields(got.Was); !maps.Equal(have, really.fields) || got.Real != really.version {
			rt.Fatalf("really %v v%d, want %v v%d of %q", have, got.Real, really.fields, really.version, m.texts)
		}
		if together := maps.Equal(want.fields, really.fields); got.Together != together || got.Parted == nil && !together {
			rt.Fatalf("together %v, parted at %+v; want %v", got.Together, got.Parted, together)
		}
		for i, step := range got.Steps {
			version, refused := refold(texts, of.ID, i+1).version, strings.Fields(texts[i])[1] == "REFUSE"
			if step.Version != version || (step.Rejected != "") != refused {
				rt.Fatalf("step %d, %q: %+v, want v%d", i, texts[i], step, version)
			}
		}
	})
}

// refold is an entity after so many of some texts.
func refold(texts []string, id string, n int) *modelState {
	m := model{texts: texts[:n]}
	if s := m.fold(id, 0, 0); s != nil {
		return s
	}
	return &modelState{fields: map[string]string{}}
}

func TestWhereTheStatesPart(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a n=1", "thing NONE a", "thing SET a n=2", "thing SET b n=1", "thing SET a m=5")
	of := Entity{Kind: "thing", ID: "a"}
	held := func(numbers ...uint64) (list []Imagined) {
		for _, n := range numbers {
			list = append(list, Imagined{Number: n})
		}
		return list
	}
	added := Imagined{Event: &Event{Received: Received{Bus: "memory", Station: "s", Data: []byte("thing SET a n=7")}}}
	for name, test := range map[string]struct {
		list []Imagined
		want string
	}{
		"as it was":             {held(1, 2, 3, 5), "never, together"},
		"what changes nothing":  {held(1, 3, 5), "never, together"},
		"left out":              {held(1, 2, 5), "3 v2 SET gone [{n 1}] was [{n 2}]"},
		"the last left out":     {held(1, 2, 3), "5 v3 SET gone [{n 2}] was [{n 2} {m 5}]"},
		"moved":                 {held(3, 1, 2, 5), "1 v1 SET gone [] was [{n 1}]"},
		"moved to the end":      {held(1, 2, 5, 3), "3 v2 SET gone [{n 1}] was [{n 2}], together"},
		"repeated":              {append(held(1, 2, 3), Imagined{Number: 1, Again: true}, Imagined{Number: 5}), "3 v2 SET [{n 1}] was [{n 2}]"},
		"repeated before":       {append([]Imagined{{Number: 3, Again: true}}, held(1, 2, 3, 5)...), "0 v0 SET [{n 2}] was [], together"},
		"added, then set again": {append(held(1), append([]Imagined{added}, held(2, 3, 5)...)...), "1 v1 SET [{n 7}] was [{n 1}], together"},
		"edited":                {append(held(1, 2), append([]Imagined{{Number: 3, Event: added.Event}}, held(5)...)...), "3 v2 SET [{n 7}] was [{n 2}]"},
		"nothing":               {nil, "1 v1 SET gone [] was [{n 1}]"},
	} {
		w, err := e.WhatIf(ctx, of, test.list, 0)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := "never"
		if p := w.Parted; p != nil {
			gone := ""
			if p.Gone {
				gone = " gone"
			}
			got = fmt.Sprintf("%d v%d %s%s %v was %v", p.Number, p.Version, p.Type, gone, p.State, p.Was)
		}
		if w.Together {
			got += ", together"
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	for name, list := range map[string][]Imagined{
		"of another":  held(4),
		"not held":    held(99),
		"for another": {{Event: &Event{Received: Received{Station: "s", Data: []byte("thing SET b n=1")}}}},
		"for nobody":  {{Event: &Event{Received: Received{Station: "s", Data: []byte("thing SET _ n=1")}}}},
		"not to read": {{Event: &Event{Received: Received{Station: "s", Data: []byte("x")}}}},
	} {
		if w, err := e.WhatIf(ctx, of, list, 0); err == nil {
			t.Errorf("%s: no error, %+v", name, w)
		}
	}
	if w, err := e.WhatIf(ctx, of, held(1, 2), 2); err != nil || w.Parted != nil || w.Real != 1 {
		t.Errorf("up to an event: %+v, %v", w, err)
	}
	if _, err := e.WhatIf(ctx, Entity{Kind: "thing", ID: "nobody"}, nil, 0); err == nil {
		t.Error("nobody: no error")
	}
	if refs, err := e.EventsOf(ctx, of); err != nil || len(refs) != 4 || refs[3] != (EventRef{Number: 5, Version: 3, Folded: true}) || refs[1] != (EventRef{Number: 2, Version: 1, Idle: true}) {
		t.Errorf("%+v, %v", refs, err)
	}
}
