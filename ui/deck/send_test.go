package deck

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/scripts"
)

func TestInjectFillsAFormAndSends(t *testing.T) {
	b, f := embeddedBus(), demo()
	f.preview = sources.Preview{Entity: sources.Entity{Kind: "delivery", ID: "01HX05Q"}, Changes: []state.FieldChange{
		{Name: "weight", Was: state.IntValue(50), Is: state.IntValue(75)}}}
	s := drive(t, f, 120, 36, armed(t, b))
	s.key("i")
	s.golden("inject_120x36")
	s.write("parcel").key("enter")
	s.shows("Send parcel", "01HX00Q", "ring twice", "(•) slow", "weight", "50 → 75")

	s.key("tab").write("x")
	s.shows(`50x`, "✗", "it cannot be composed yet")
	s.golden("form_fault_120x36")
	s.key("ctrl+s")
	if len(b.sent) != 0 {
		t.Fatalf("a form with a fault was sent: %+v", b.sent)
	}
	s.key("backspace", "backspace", "backspace").write("75").key("tab", "tab", "right")
	s.shows("(•) fast")
	s.golden("form_120x36")
	s.key("enter", "enter")
	if len(b.sent) != 1 {
		t.Fatalf("%d messages were sent, want 1", len(b.sent))
	}
	var got map[string]any
	if err := json.Unmarshal(b.sent[0].Data, &got); err != nil {
		t.Fatalf("payload %s: %v", b.sent[0].Data, err)
	}
	want := map[string]any{"type": "SEND", "id": "01HX00Q", "weight": 75.0, "note": "ring twice", "speed": "fast"}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %v, want %v", name, got[name], value)
		}
	}
	s.shows("✓ sent: stored in deliveries as 48193")
	s.key("enter")
	s.hides("Send parcel")
	if got := s.model.Selection.Entity; got != f.preview.Entity {
		t.Errorf("the state pane shows %v, want what was sent about, %v", got, f.preview.Entity)
	}
}

// What no domain describes has a form, too, made from the newest event of its type; commands whose station is not there come last.
func TestInjectSendsLikeWhatWasSeen(t *testing.T) {
	l := &scenarios.Library{}
	for name, station := range map[string]string{"absent": "nowhere", "zebra": "payments"} {
		text := "domain: " + name + "\ncommands: { go: { title: Go " + name + ", send: { station: " + station + ", type: Gone } } }\n"
		if err := l.Add(name+".yaml", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	b, f := embeddedBus(), demo()
	f.base.Stations = append(f.base.Stations, sources.StationRow{Key: "payments", Bus: f.base.Stations[0].Bus, Station: bus.Station{Name: "payments"}})
	f.add("payments", "PaymentTaken", "", "", `{"amount":12.5,"note":"for tea"}`, "")
	s := drive(t, f, 120, 36, armed(t, b), func(o *Options) { o.Library = l })
	s.key("i")
	rows := s.screen()
	if there, absent := strings.Index(rows, "Go zebra"), strings.Index(rows, "Go absent"); there < 0 || absent < there {
		t.Errorf("Go absent is to come after Go zebra:\n%s", rows)
	}
	s.shows("absent.go · no station nowhere is here", "Like PaymentTaken")
	s.write("like pay").key("enter")
	s.shows("Like PaymentTaken", "12.5", "for tea")
	s.key("backspace").write("7").key("ctrl+s")
	if len(b.sent) != 1 || string(b.sent[0].Data) != `{"amount":12.7,"note":"for tea"}` || b.sent[0].Station != "payments" {
		t.Errorf("sent %+v", b.sent)
	}
	s.key("esc", "i").write("like pay").key("enter")
	s.shows("12.5")
	s.key("ctrl+l") // what was sent last
	s.shows("12.7")
}

// Scripts that send to what is there come first; the others say which station is missing.
func TestScriptsForWhatIsThereComeFirst(t *testing.T) {
	l := &scenarios.Library{}
	for name, station := range map[string]string{"absent": "nowhere", "zebra": "payments"} {
		text := "domain: " + name + "\ncommands: { go: { title: Go " + name + ", send: { station: " + station + ", type: Gone } } }\nscripts: { tale: [{ go: {} }] }\n"
		if err := l.Add(name+".yaml", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	b, f := embeddedBus(), demo()
	f.base.Stations = append(f.base.Stations, sources.StationRow{Key: "payments", Bus: f.base.Stations[0].Bus, Station: bus.Station{Name: "payments"}})
	s := drive(t, f, 120, 36, armed(t, b), func(o *Options) { o.Library, o.play = l, telling("") })
	s.key("s")
	rows := s.screen()
	if there, absent := strings.Index(rows, "zebra/tale"), strings.Index(rows, "absent/tale"); there < 0 || absent < there {
		t.Errorf("absent/tale is to come after zebra/tale:\n%s", rows)
	}
	s.shows("no station nowhere is here")
}

// What was sent last can be saved by a name, is listed first, and fills the form; it can be forgotten.
func TestFavouritesFillForms(t *testing.T) {
	b, f := embeddedBus(), demo()
	kept := map[string]string{}
	s := drive(t, f, 120, 36, armed(t, b), func(o *Options) {
		o.Favourites.Keep = func(name, text string) error {
			kept[name] = text
			return nil
		}
	})
	line := func(text string) { s.key(":").write(text).key("enter") }
	line("favourite heavy")
	s.shows("nothing was sent by a form yet")
	s.key("esc", "i").write("parcel").key("enter", "tab").write("0").key("ctrl+s")
	s.shows("✓ sent")
	s.key("esc")
	line("favourite heavy one")
	s.shows("favourite heavy one saved")
	one, err := ParseFavourite("heavy one", kept["heavy one"])
	if err != nil || one.Command != "parcels.send" || one.Values["weight"] != "500" {
		t.Fatalf("kept %q: %+v, %v", kept, one, err)
	}
	s.key("i")
	s.shows("heavy one", "favourite of parcels.send")
	s.key("enter")
	s.shows("Send parcel", "500")
	s.key("esc")
	line("forget heavy")
	s.shows(`no favourite is called "heavy"`)
	s.key("esc")
	line("forget heavy one")
	s.shows("favourite heavy one forgotten")
	if kept["heavy one"] != "" {
		t.Errorf("kept %q", kept)
	}
	if _, err := ParseFavourite("x", "parcels.send weight=5"); err == nil {
		t.Error("a favourite without JSON is read")
	}
}

// A command that is posted shows where to, and what; what the application says is shown, too.
func TestInjectPostsToAnApplication(t *testing.T) {
	l := &scenarios.Library{}
	if err := l.Add("loans.yaml", []byte("domain: loans\nentity: loan\nevents: { type: data.type, id: data.id }\ncommands:\n  lend:\n"+
		"    send: { type: Lent, http: { post: \"{base}/loans\" } }\n    fields: { days: { type: int, default: 14 } }\n")); err != nil {
		t.Fatal(err)
	}
	app := &fakeBus{info: bus.Info{Name: "127.0.0.1:8000", Link: bus.Live, Loopback: true}}
	permit := ""
	s := drive(t, demo(), 120, 36, func(o *Options) {
		o.Library, o.Buses = l, []bus.Bus{embeddedBus()}
		o.Armed = func(b bus.Bus) (bool, string) { return b != bus.Bus(app) || permit == "", permit }
		o.Base, o.Application = "http://127.0.0.1:8000", func(url string) (bus.Bus, error) {
			if !strings.HasPrefix(url, "http://127.0.0.1:8000/") {
				t.Errorf("asked for the application of %s", url)
			}
			return app, nil
		}
	})
	s.key("i", "enter")
	s.shows("POST to http://127.0.0.1:8000/loans", `{"type":"Lent","days":14}`)
	s.key("ctrl+s")
	if len(app.sent) != 1 || app.sent[0].Subject != "http://127.0.0.1:8000/loans" || string(app.sent[0].Data) != `{"type":"Lent","days":14}` {
		t.Fatalf("posted %+v", app.sent)
	}
	s.shows("✓ sent: stored in /loans")
	s.key("esc", "i", "enter")
	app.err = &bus.RejectionError{By: "127.0.0.1:8000", Text: "400 Bad Request: too long"}
	s.key("ctrl+s")
	s.shows("✗ 127.0.0.1:8000 refused it: 400 Bad Request: too long")
	s.key("esc")
	permit = "sending there takes --write"
	s.key("i", "enter")
	s.shows("✗ sending there takes --write")
	s.key("ctrl+s")
	if len(app.sent) != 1 {
		t.Errorf("%d were posted", len(app.sent))
	}
}

func TestInjectSaysWhyItWasNotSent(t *testing.T) {
	b := embeddedBus()
	b.err = errors.New("publish to deliveries: no permission")
	s := drive(t, demo(), 120, 36, armed(t, b))
	s.key("i", "enter", "ctrl+s")
	s.shows("✗ not sent: publish to deliveries: no permission")
	s.key("esc")
	s.hides("not sent")
}

func TestInjectAsksBeforeItSendsElsewhere(t *testing.T) {
	b := &fakeBus{info: bus.Info{Name: "orders.example:4222", Scheme: "nats", Link: bus.Live}}
	s := drive(t, demo(), 120, 36, armed(t, b))
	s.key("i", "enter", "ctrl+s")
	s.shows("are you sure?", "orders.example:4222, which is not on this")
	s.key("n")
	if len(b.sent) != 0 {
		t.Fatal("it was sent although the answer was no")
	}
	s.key("ctrl+s", "y")
	if len(b.sent) != 1 {
		t.Fatalf("%d messages were sent, want 1", len(b.sent))
	}
	s.shows("✓ sent")
}

func TestNotArmedSaysHowToArm(t *testing.T) {
	b := embeddedBus()
	s := drive(t, demo(), 120, 36, armed(t, b), func(o *Options) {
		o.Armed = func(bus.Bus) (bool, string) { return false, "it is not on this machine" }
	})
	for _, key := range []string{"i", "s", "r"} {
		s.key(key)
		s.shows("not armed", "it is not on this machine", "--write")
		s.key("esc")
	}
	s.hides("--write")
}

func TestReadOnlyHasNoLevers(t *testing.T) {
	b := embeddedBus()
	s := drive(t, demo(), 160, 50, armed(t, b), func(o *Options) { o.ReadOnly = true })
	s.shows("read-only")
	s.hides("inject", "resend", "scripts")
	s.key("i", "s", "r")
	s.hides("not armed", "Send parcel")
	s.key("?")
	s.hides("inject", "send it again", "script")
	s.key("esc", ":")
	s.hides("inject", "Send parcel", "play:")
}

func TestResendEditsAnEvent(t *testing.T) {
	b, f := embeddedBus(), demo()
	f.preview = sources.Preview{Entity: sources.Entity{Kind: "delivery", ID: "01HX39Q"}, Rejected: "Not enough budget", Unlike: []string{"qantity: none of the events has it"}}
	s := drive(t, f, 120, 36, armed(t, b))
	s.key("r")
	s.shows("send again", "deliveries.01HX39Q", `"purchase_price": 10`, "✗ Not enough budget", "qantity: none of the events has it")
	s.golden("resend_120x36")
	s.key("down", "end", "left", "backspace").write("7").key("tab").write(".x").key("ctrl+s")
	if len(b.sent) != 1 {
		t.Fatalf("%d messages were sent, want 1", len(b.sent))
	}
	if got, want := string(b.sent[0].Data), `{"purchase_price":17,"quantity":2}`; got != want {
		t.Errorf("payload %s, want %s", got, want)
	}
	if got, want := b.sent[0].Subject, "deliveries.01HX39Q.x"; got != want {
		t.Errorf("subject %q, want %q", got, want)
	}
	s.shows("✓ sent")
	s.key("esc")
	s.hides("send again")
}

// Headers are edited a line each, and text that holds JSON as that JSON: it is sent as text again.
func TestResendEditsHeadersAndJSONWithinText(t *testing.T) {
	b, f := embeddedBus(), demo()
	e := f.add("deliveries", "ORDER_PLACED", "delivery", "x", `{"event_tag": "A", "payload": "{\"order_id\": 1}"}`, "")
	e.Headers = bus.Headers{{Name: "Event-Type", Value: "OrderPlaced"}, {Name: "Trace", Value: "a: b"}}
	s := drive(t, f, 120, 36, armed(t, b))
	s.key("r")
	s.shows("Event-Type: OrderPlaced", "payload · payload is a text that holds this JSON", `"order_id": 1`)
	s.golden("resend_headers_120x36")
	s.key("tab", "tab", "end").write("X").key("down", "end", "enter").write("New")
	s.shows(`✗ header "New": want a name, a colon and a value`)
	s.key("ctrl+s")
	if len(b.sent) != 0 {
		t.Fatalf("%+v was sent with a header that has no value", b.sent)
	}
	s.write(": 1").key("tab", "down", "down", "down", "end").write("7").key("ctrl+s")
	if len(b.sent) != 1 {
		t.Fatalf("%d messages were sent, want 1:\n%s", len(b.sent), s.screen())
	}
	if got, want := string(b.sent[0].Data), `{"event_tag":"A","payload":"{\"order_id\":17}"}`; got != want {
		t.Errorf("payload %s, want %s", got, want)
	}
	want := bus.Headers{{Name: "Event-Type", Value: "OrderPlacedX"}, {Name: "Trace", Value: "a: b"}, {Name: "New", Value: "1"}}
	if got := b.sent[0].Headers; !slices.Equal(got, want) {
		t.Errorf("headers %v, want %v", got, want)
	}
}

// A payload whose bytes no letters stand for is not edited, which would change it: it is offered to be sent as it is, to the byte.
func TestResendKeepsEveryByte(t *testing.T) {
	spaced := `{"a": 1,   "b":"ä"}`
	for name, payload := range map[string]string{"bad UTF-8": "{\"name\":\"caf\xe9\"}", "line breaks": "one\r\ntwo\rthree", "large": strings.Repeat("x", 70<<10)} {
		t.Run(name, func(t *testing.T) {
			for _, keys := range [][]string{{"r"}, {"D", "down", "r"}, {"enter", "r"}} {
				b, f := embeddedBus(), withDeadLetters(demo())
				f.base.Dead[1].Event = f.add("deliveries", "NAMED", "delivery", "x", payload, "")
				s := drive(t, f, 120, 36, armed(t, b))
				s.key(keys...)
				s.shows("are you sure?", "it is?")
				s.hides("send again ·")
				s.key("n")
				if len(b.sent) != 0 {
					t.Fatalf("%v: it was sent although the answer was no", keys)
				}
				s.key("r", "y")
				if len(b.sent) != 1 || string(b.sent[0].Data) != payload {
					t.Fatalf("%v: sent %+v, want the payload as it was", keys, b.sent)
				}
				s.shows("sent: stored in deliveries as 48193, unchanged")
				if name == "bad UTF-8" && keys[0] == "D" && s.model.Selection.Letters.Unseen() != 2 {
					t.Errorf("%d dead letters are unseen, want 2", s.model.Selection.Letters.Unseen())
				}
			}
		})
	}
	b, f := embeddedBus(), demo()
	f.add("deliveries", "SPACED", "delivery", "x", spaced, "")
	s := drive(t, f, 120, 36, armed(t, b))
	s.key("r", "ctrl+s")
	s.shows("✓ sent")
	s.key("down", "end").write("x").key("backspace", "ctrl+s")
	for i, out := range b.sent {
		if string(out.Data) != spaced {
			t.Errorf("what was sent %d. is %s, want %s: nothing of it was edited", i+1, out.Data, spaced)
		}
	}
	if len(b.sent) != 2 {
		t.Errorf("%d messages were sent, want 2", len(b.sent))
	}
}

func TestResendUnchangedSaysWhatFailed(t *testing.T) {
	b, f := embeddedBus(), demo()
	b.err = errors.New("publish to deliveries: no permission")
	f.add("deliveries", "NAMED", "delivery", "x", "\xff", "")
	s := drive(t, f, 120, 36, armed(t, b))
	s.key("r", "y")
	s.shows("✗ not sent: publish to deliveries: no permission")
}

// playing is an option of drive: scripts are played by what play is when one begins.
func playing(play *scripts.Play) func(*Options) {
	return func(o *Options) {
		o.play = func(ctx context.Context, b bus.Bus, script *script.Script, supply bool, control *script.Control,
			audience script.Audience, report func(script.Progress)) (script.Result, error) {
			return (*play)(ctx, b, script, supply, control, audience, report)
		}
	}
}

// What a script ended with is in view to its end, also where more follows that was skipped.
func TestTheLastNoteOfAScriptIsInView(t *testing.T) {
	b, skipped := embeddedBus(), 0
	play := scripts.Play(func(_ context.Context, _ bus.Bus, chosen *script.Script, _ bool, _ *script.Control, _ script.Audience,
		_ func(script.Progress)) (script.Result, error) {
		failed := &script.Failure{Step: 1, Path: "step 2", Line: 20, Expected: "nothing", Found: strings.Repeat("much ", 300) + "THE END"}
		return script.Result{Script: chosen.FullName(), Failed: failed, Steps: []script.Progress{
			{Index: 0, Of: 3, Text: "one", State: script.Passed}, {Index: 1, Of: 3, Text: "two", State: script.Failed, Failure: failed},
			{Index: 2, Of: 3, Text: "three", State: script.Skipped, Note: strings.Repeat("not run ", 200)},
		}[:2+skipped]}, nil
	})
	for skipped = range 2 {
		s := drive(t, demo(), 120, 36, armed(t, b), playing(&play))
		s.key("s")
		hear := s.start(keyPress("enter"))
		s.hear(hear)
		s.key("l")
		s.shows("failed at step 2", "THE END")
		s.model.work.Wait()
	}
}

func TestScriptsPlayPauseAndEnd(t *testing.T) {
	b := embeddedBus()
	steps := make(chan script.Progress)
	play := scripts.Play(func(ctx context.Context, _ bus.Bus, chosen *script.Script, _ bool, _ *script.Control, _ script.Audience,
		report func(script.Progress)) (script.Result, error) {
		result := script.Result{Script: chosen.FullName()}
		for {
			select {
			case p, ok := <-steps:
				if !ok {
					return result, nil
				}
				report(p)
				result.Steps = append(result.Steps, p)
				result.Failed = p.Failure
			case <-ctx.Done():
				return result, ctx.Err()
			}
		}
	})
	s := drive(t, demo(), 120, 36, armed(t, b), playing(&play))
	s.key("s")
	s.shows("parcels/story", "3 steps")
	hear := s.start(keyPress("enter"))
	s.shows("script parcels/story", "step 0 of 3")
	s.key("l")
	s.shows("script parcels/story", "0 of 3 passed", "playing at speed 1")
	for n := 70; n <= 100; n++ { // whatever their length is, notes break between words and lose none
		steps <- script.Progress{Index: 0, Of: 3, Text: strings.Repeat("t", n) + " TEXT", State: script.Passed, Note: strings.Repeat("n", n) + " NOTE"}
		hear = s.hear(hear)
		s.shows("TEXT", "NOTE")
	}
	steps <- script.Progress{Index: 0, Of: 3, Text: "send: {id: p-1}", State: script.Passed, Note: "stored"}
	hear = s.hear(hear)
	s.shows("✓ send: {id: p-1}", "stored", "1 of 3 passed")
	s.hides("space go on")
	s.key("space")
	s.shows("paused", " paused   space go on  n step  S stop")
	s.key("esc")
	s.shows(" paused   space go on  n step  S stop")
	s.key("esc")
	s.shows("s script is paused")
	s.key("s")
	s.shows("space go on")
	s.key("l")
	s.key("space", "+")
	s.hides("go on")
	s.shows("playing at speed 2")
	steps <- script.Progress{Index: 1, Of: 3, Text: "expect", State: script.Failed,
		Failure: &script.Failure{Step: 1, Path: "step 2", Line: 20, Expected: `status == "active"`, Found: "status=ready"}}
	hear = s.hear(hear)
	s.shows("✗ expect", `expected status == "active"`, "found status=ready")
	close(steps)
	s.hear(hear)
	s.shows("failed at step 2")
	s.golden("script_failed_120x36")
	s.model.work.Wait()
}

func TestScriptIsStoppedAndPanicsAreItsOwn(t *testing.T) {
	b := embeddedBus()
	play := scripts.Play(func(ctx context.Context, _ bus.Bus, _ *script.Script, _ bool, _ *script.Control, _ script.Audience,
		_ func(script.Progress)) (script.Result, error) {
		<-ctx.Done()
		return script.Result{}, ctx.Err()
	})
	s := drive(t, demo(), 120, 36, armed(t, b), playing(&play))
	s.key("s")
	hear := s.start(keyPress("enter"))
	s.key("S")
	s.shows("Stop parcels/story?")
	s.key("y")
	s.hear(hear)
	s.shows("stopped")
	play = func(context.Context, bus.Bus, *script.Script, bool, *script.Control, script.Audience,
		func(script.Progress)) (script.Result, error) {
		panic("out of paper")
	}
	s.hear(s.start(keyPress("r")))
	s.shows("panic: out of paper")
	play = func(context.Context, bus.Bus, *script.Script, bool, *script.Control, script.Audience,
		func(script.Progress)) (script.Result, error) {
		var branches goroutine.Branches
		branches.Go("a branch", func() { panic("out of ink") })
		branches.Wait()
		return script.Result{}, nil
	}
	s.hear(s.start(keyPress("r")))
	s.shows("panic in a branch: out of ink")
	s.model.work.Wait()
}

// start sends a message whose command waits, and returns that command.
func (s *driver) start(msg tea.Msg) tea.Cmd {
	s.t.Helper()
	_, cmd := s.model.Update(msg)
	if cmd == nil {
		s.t.Fatal("nothing was started")
	}
	return cmd
}

// hear runs a command that waits, and returns the next one.
func (s *driver) hear(cmd tea.Cmd) tea.Cmd {
	s.t.Helper()
	got := make(chan tea.Msg, 1)
	go func() { got <- cmd() }()
	select {
	case msg := <-got:
		_, next := s.model.Update(msg)
		return next
	case <-time.After(time.Minute):
		s.t.Fatal("no news within 10 s")
		return nil
	}
}

func TestFormOffersWhatWasSeen(t *testing.T) {
	s := drive(t, demo(), 120, 36, armed(t, embeddedBus()))
	s.key("4", "down", "down", "i", "enter")
	s.shows("Delivery  01HX02Q", "ctrl+n for another of 40")
	s.key("ctrl+n")
	s.shows("Delivery  01HX00Q")
	s.key("ctrl+p", "ctrl+p")
	s.shows("Delivery  01HX39Q")
}
