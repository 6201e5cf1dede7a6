package scenarios

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/bus/embedded"
	"signalbox/scenarios/command"
	"signalbox/scenarios/script"
	"signalbox/scenarios/transcript"
	"signalbox/sources"
)

// retold runs a script on a server of its own, and writes a script of what came. wanted says which events are to be steps.
func retold(t *testing.T, l *Library, of *script.Script, wanted func(*sources.Event) bool) *transcript.Transcript {
	t.Helper()
	return retoldBy(t, l, l.Commands(), of, wanted)
}

// retoldBy is retold by some commands alone.
func retoldBy(t *testing.T, l *Library, commands []*command.Command, of *script.Script, wanted func(*sources.Event) bool) *transcript.Transcript {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	server, err := embedded.Start(ctx, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := server.Connect(ctx, "test", bus.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	story := transcript.New(transcript.Options{Commands: commands})
	engine := sources.NewEngine(sources.Options{Domains: l.Domains(), States: true, Tap: func(e *sources.Event) { story.See(e, wanted(e)) }})
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	if err := engine.Attach(ctx, b, sources.Selection{From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	stage := &Stage{Engine: engine, Bus: b, Library: l, Speed: 100, Own: true, Finds: true}
	result, err := stage.Run(ctx, of, func(script.Progress) {})
	if err != nil || result.Failed != nil {
		t.Fatal(err, result)
	}
	cancel()
	for _, err := range []error{<-ended, b.Close(), server.Close()} {
		if err != nil {
			t.Error(err)
		}
	}
	return story
}

func all(*sources.Event) bool { return true }

// What the stories of the library tell is written as scripts, which check finds nothing wrong with, and which pass.
func TestWhatCameIsWrittenAsAScript(t *testing.T) {
	t.Parallel()
	l := Builtin()
	for _, of := range l.Scripts() {
		t.Run(of.FullName(), func(t *testing.T) {
			text := retold(t, l, of, all).Script("again", "As it was.")
			if n, problems := l.CheckScript("again.yaml", []byte(text)); n != 1 || len(problems) > 0 {
				t.Fatalf("%d, %v of\n%s", n, problems, text)
			}
			again := own(t, l, text)
			result, err := live(t, l).Run(t.Context(), again, func(script.Progress) {})
			if err != nil || result.Failed != nil {
				t.Fatalf("%v, %v of\n%s", err, result.Failed, text)
			}
			if !strings.Contains(text, "expect:") || len(again.Goals) == 0 {
				t.Errorf("nothing is expected by\n%s", text)
			}
		})
	}
}

// What services did to the chosen events' entities is expected, too: the script says who sent it.
func TestWhatOthersDidIsExpected(t *testing.T) {
	t.Parallel()
	l := Builtin()
	of, err := l.Script("orders/happy-path")
	if err != nil {
		t.Fatal(err)
	}
	text := retold(t, l, of, func(e *sources.Event) bool { return e.Type == "PlaceOrder" }).Script("again", "As it was.")
	for _, want := range []string{"# Others sent OrderCreated, NotifySales: needs names", `'status == "notified" && `, "version == 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "orders.create") {
		t.Errorf("a step that was not chosen in\n%s", text)
	}
	text = strings.Replace(text, "\n  steps:", "\n  needs: [orders.order-service, orders.sales]\n  steps:", 1)
	result, err := live(t, l).Run(t.Context(), own(t, l, text), func(script.Progress) {})
	if err != nil || result.Failed != nil {
		t.Fatalf("%v, %v of\n%s", err, result.Failed, text)
	}
}

// An event that no command sends is an answer, though it was chosen: it is expected, and not left out.
func TestAnswersAreExpected(t *testing.T) {
	t.Parallel()
	l := Builtin()
	of, err := l.Script("orders/happy-path")
	if err != nil {
		t.Fatal(err)
	}
	orders := slices.DeleteFunc(l.Commands(), func(c *command.Command) bool { return c.FullName() != "orders.place" })
	story := retoldBy(t, l, orders, of, all)
	text := story.Script("again", "As it was.")
	for _, want := range []string{"orders.place", "# Others sent OrderCreated, NotifySales: needs names", `'status == "notified" && `, "version == 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if left, _ := story.Left(); len(left) > 0 {
		t.Errorf("%v are left out", left)
	}
}

// Whatever stands in an event, what is written of it is a script, and sends that.
func FuzzWhatCameIsAScript(f *testing.F) {
	l := Builtin()
	for _, text := range []string{"ring twice", "d.id", "run", "it's {new} }}", "a: b # c", "line\nline\t\x00\x1b[2J", "*x &y !z", "0x10", "~", "null", "ünï \u202e", "delivery"} {
		f.Add("01ARZ3NDEKTSV4RRFFQ69G5FAV", text)
		f.Add(text, "again")
	}
	f.Fuzz(func(t *testing.T, id, notes string) {
		data, err := json.Marshal(map[string]any{"type": "CREATE_DELIVERY", "delivery_id": id, "data": map[string]any{"budget": 5, "notes": notes}})
		if err != nil {
			t.Skip()
		}
		story := transcript.New(transcript.Options{Commands: l.Commands()})
		domains := l.Domains()
		for range 2 {
			e := &sources.Event{Received: sources.Received{Number: 1, Station: "deliveries", Subject: "deliveries", Data: data}}
			domains.Understand(e)
			story.See(e, true)
		}
		text := story.Script("again", "As it was.")
		if n := story.Steps(); n == 0 {
			t.Skip()
		}
		if n, problems := l.CheckScript("again.yaml", []byte(text)); n != 1 || len(problems) > 0 {
			t.Fatalf("%d, %v of\n%s", n, problems, text)
		}
	})
}

// Copies of states are no events to be sent: how many there were is said once.
func TestCopiesAreNoSteps(t *testing.T) {
	story := transcript.New(transcript.Options{Commands: Builtin().Commands()})
	for range 3 {
		story.See(&sources.Event{Understood: sources.Understood{Type: "PUT", Copy: true}}, true)
	}
	left, more := story.Left()
	if text := story.Script("none", "As it was."); story.Copies() != 3 || len(left) != 0 || more != 0 || !strings.Contains(text, "# Left out: 3 that tell of copies") {
		t.Errorf("%d copies, %v left out of\n%s", story.Copies(), left, text)
	}
}
