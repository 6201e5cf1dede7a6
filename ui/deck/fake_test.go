package deck

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/sources/subjects"
)

// noon is the moment at which every hand-made snapshot was taken.
var noon = time.Date(2026, 11, 20, 14, 3, 22, 104e6, time.UTC)

// fake is a Source whose world is made by hand. It answers a View as the engine does: only with the rows asked for.
type fake struct {
	mu       sync.Mutex
	view     sources.View
	changed  chan struct{}
	events   []*sources.Event
	entities []sources.EntityRow
	details  map[sources.Entity]*sources.EntityDetail
	leading  sources.Entity // that is shown while none is chosen; the first of the list where it is zero
	base     sources.Snapshot
	preview  sources.Preview
	held     map[uint64][]sources.Entity // the order of entities as it was after an event, since it was first held
	subjects map[string][]subjects.Row   // of the first station, by their branch
	flow     *sources.Flow               // as it is while it is looked at
	chart    *sources.Chart              // likewise, of whatever is asked for
	reopened []string                    // as "station from"
	refusal  error                       // of Reopen
	taken    []string                    // stations that were offered
	found    *sources.EventDetail        // by Find
	looked   int
	complete func(context.Context, sources.Entity, func(sources.CompleteProgress)) (sources.Completion, error)
	then     func(*sources.Snapshot) // makes a snapshot one of an earlier moment; nil leaves it as it is
}

func (f *fake) Look(v sources.View) {
	f.mu.Lock()
	f.view = v
	f.looked++
	f.mu.Unlock()
	f.tell()
}

func (f *fake) tell() {
	select {
	case f.changed <- struct{}{}:
	default:
	}
}

func (f *fake) Changed() <-chan struct{} { return f.changed }

func (f *fake) Last() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.events) == 0 {
		return 0
	}
	return f.events[len(f.events)-1].Number
}

func (f *fake) Take(_ context.Context, station string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.taken = append(f.taken, station)
	return f.refusal
}

func (f *fake) Preview(context.Context, *sources.Event) (sources.Preview, error) {
	return f.preview, nil
}

func (f *fake) EventAt(_ context.Context, at time.Time) (uint64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	number := uint64(0)
	for _, e := range f.events {
		if !e.Time().After(at) {
			number = e.Number
		}
	}
	return number, nil
}

func (f *fake) EventOn(_ context.Context, station string, at bus.Position) (uint64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	number := uint64(0)
	for _, e := range f.events {
		if e.Position == at && (station == "" || e.Station == station) {
			number = e.Number
		}
	}
	return number, nil
}

func (f *fake) Entity(_ context.Context, of sources.Entity, version uint64) (*sources.EntityDetail, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.details[of]
	if d == nil || version == 0 {
		return d, nil
	}
	then := *d
	then.Shown, then.State = version, slices.Clone(d.State)
	for i := range then.State {
		if field := &then.State[i]; field.Name == "budget" {
			field.Value = state.IntValue(int64(100 * version))
		}
	}
	return &then, nil
}

func (f *fake) Event(_ context.Context, number uint64) (*sources.EventDetail, error) {
	return f.detailOf(f.events[number-1]), nil
}

func (f *fake) EventsOf(context.Context, sources.Entity) ([]sources.EventRef, error) {
	return []sources.EventRef{{Number: 1, Version: 1, Folded: true}, {Number: 2, Version: 2, Folded: true}, {Number: 3, Version: 3, Folded: true}}, nil
}

// WhatIf says that the budget is what is asked for, in words.
func (f *fake) WhatIf(_ context.Context, of sources.Entity, list []sources.Imagined, _ uint64) (*sources.WhatIf, error) {
	w := &sources.WhatIf{Entity: of, Version: uint64(len(list)), Real: 3}
	text := ""
	for _, x := range list {
		step := sources.ImaginedStep{Of: x}
		step.Number, step.Type, step.Folded, step.Version = x.Number, fmt.Sprint("TYPE_", x.Number), true, x.Number
		if text += fmt.Sprint(" ", x.Number); x.Again {
			text += "again"
		}
		if x.Event != nil {
			text += string(x.Event.Data)
		}
		w.Steps = append(w.Steps, step)
	}
	w.State, w.Was = []state.Field{{Name: "budget", Value: state.TextValue(text)}}, []state.Field{{Name: "budget", Value: state.TextValue(" 1 2 3")}}
	if w.Together = text == " 1 2 3"; !w.Together {
		w.Parted = &sources.Parting{Type: "TYPE_1", Version: 1}
	}
	return w, nil
}

func (f *fake) Find(context.Context, string, string, bus.Position) (*sources.EventDetail, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.found == nil {
		return nil, errors.New("fetching the message: it is gone")
	}
	return f.found, nil
}

// detailOf is an event with what it changed, and the states before and after it.
func (f *fake) detailOf(e *sources.Event) *sources.EventDetail {
	d := &sources.EventDetail{Event: e, Held: len(e.Data), Moment: &sources.Moment{Event: e}}
	was := []state.Field{{Name: "status", Value: state.TextValue("active")}, {Name: "budget", Value: state.IntValue(50)}, {Name: "notes", Value: state.TextValue("ring twice")}}
	if d.Moment.Before, d.Moment.After = was, was; e.Type == "CREATE_DELIVERY" {
		d.Moment.Before, d.Moment.Changed = nil, []string{"status", "budget", "notes"}
	}
	if e.Rejected == "" && e.Type == "PICKUP_PRODUCTS" {
		d.Changes = []state.FieldChange{
			{Name: "status", Was: state.TextValue("active"), Is: state.TextValue("collected")},
			{Name: "budget", Was: state.IntValue(50), Is: state.IntValue(30)}}
		d.Moment.After = []state.Field{{Name: "status", Value: state.TextValue("collected")}, {Name: "budget", Value: state.IntValue(30)}, was[2]}
		d.Moment.Changed = []string{"status", "budget"}
	}
	return d
}

func (f *fake) Entities(_ context.Context, kind string, filter *sources.EntityFilter) (rows []sources.EntityRow, err error) {
	for i := range f.entities {
		if (kind == "" || f.entities[i].Kind == kind) && filter.Wants(&f.entities[i]) {
			rows = append(rows, f.entities[i])
		}
	}
	return rows, nil
}

func (f *fake) Complete(ctx context.Context, of sources.Entity, progress func(sources.CompleteProgress)) (sources.Completion, error) {
	return f.complete(ctx, of, progress)
}

func (f *fake) Scan(_ context.Context, after uint64, see func(*sources.Event)) (last uint64, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.events[min(int(after), len(f.events)):] {
		see(e)
	}
	return uint64(len(f.events)), nil
}

// Handling says of one consumer that it has done all.
func (f *fake) Handling(_ context.Context, events []*sources.Event) ([]sources.Progress, error) {
	p := sources.Progress{Consumer: "courier", Stands: make([]sources.Stand, len(events))}
	for i := range events {
		p.Stands[i].Standing = bus.Done
	}
	return []sources.Progress{p}, nil
}

func (f *fake) Bisect(_ context.Context, of sources.Entity, holds *sources.EventFilter, _ func(float64)) (sources.Bisection, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var b sources.Bisection
	for _, e := range f.events {
		if e.Entity() == of || of.ID == "" && e.Entity().Kind == of.Kind {
			b.Looked++
			if holds.Wants(e) && len(b.Found) == 0 {
				b.Found, b.Count = append(b.Found, sources.MomentOf(e)), 1
			}
		}
	}
	return b, nil
}

func (f *fake) Reopen(_ context.Context, station string, from bus.From) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reopened = append(f.reopened, station+" "+from.String())
	return f.refusal
}

func (f *fake) Snapshot() *sources.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.base
	s.View = f.view
	s.Subjects = f.subjectTrees()
	s.Events = f.eventRows()
	s.Entities = f.entityRows()
	s.Line = f.timeLine()
	if s.Flow = f.flow; f.view.Flow == "" {
		s.Flow = nil
	}
	if s.Chart = nil; f.chart != nil && f.view.Chart != nil {
		c := *f.chart
		c.Spec, s.Chart = f.view.Chart, &c
	}
	if len(f.events) > 0 {
		s.Last = f.events[len(f.events)-1].Number
	}
	shown := f.view.Entity
	if rows := s.Entities.Rows; shown.IsZero() && f.view.First && len(rows) > 0 {
		if shown = f.leading; shown.IsZero() {
			shown = rows[0].Entity
		}
	}
	if e := f.details[shown]; e != nil {
		s.Entity = e
	}
	if f.view.At != 0 && f.then != nil {
		f.then(&s)
	}
	for _, e := range f.events {
		if e.Number == f.view.Open && e.Number > 0 {
			s.Open = f.detailOf(e)
		}
	}
	return &s
}

// timeLine is five minutes with a column for each of them, or of a part of them.
func (f *fake) timeLine() *sources.TimeLine {
	v := f.view.Line
	if v.Columns == 0 {
		return nil
	}
	t := &sources.TimeLine{First: noon.Add(-5 * time.Minute), End: noon, From: noon.Add(-5 * time.Minute), To: noon}
	if v.From != 0 {
		t.From, t.To = time.Unix(v.From, 0), time.Unix(v.To, 0)
	}
	for i := range v.Columns {
		c := sources.LineColumn{Events: float64(i%40) * 10, Last: uint64((i + 1) * len(f.events) / v.Columns)}
		if i%25 == 7 {
			c.Refused = 1
		}
		t.Columns = append(t.Columns, c)
	}
	t.Gaps = []sources.Gap{{Since: noon.Add(-3 * time.Minute), Until: noon.Add(-3*time.Minute + 4*time.Second), Missed: 5}}
	return t
}

func (f *fake) eventRows() sources.EventRows {
	v := f.view.Events
	r := sources.EventRows{Total: uint64(len(f.events)), Searched: uint64(len(f.events)), Following: v.Cursor == 0}
	var rows []*sources.Event
	for _, e := range f.events {
		if e.Copy && !v.Copies && v.Station == "" {
			r.Copies++
			continue
		}
		if f.view.At != 0 && e.Number > f.view.At || v.Station != "" && e.Station != v.Station ||
			!v.Filter.Wants(e) {
			continue
		}
		rows = append(rows, e)
	}
	at := len(rows) - 1
	for i, e := range rows {
		if v.Cursor != 0 && (e.Number <= v.Cursor || i == 0) {
			at = i
		}
	}
	from, to := max(at-v.Above, 0), min(at+v.Below+1, len(rows))
	if len(rows) > 0 {
		r.Rows = rows[from:max(to, 0)]
	}
	r.Matching, r.Rank = uint64(len(rows)), uint64(from)
	return r
}

func (f *fake) entityRows() sources.EntityRows {
	v := f.view.Entities
	r := sources.EntityRows{Searched: len(f.entities), Top: v.Top, Rejected: 2, Partial: 1}
	counts, kinds := map[string]uint64{}, map[string]uint64{}
	var rows []sources.EntityRow
	all, moving := f.heldOrder()
	for i := range all {
		e := &all[i]
		kinds[e.Kind]++
		if v.Kind != "" && e.Kind != v.Kind {
			continue
		}
		r.Total++
		counts[e.Status]++
		if !v.Filter.Wants(e) {
			continue
		}
		rows = append(rows, *e)
	}
	for _, status := range []string{"completed", "collected", "active", "ready", "open"} {
		if counts[status] > 0 {
			r.Statuses = append(r.Statuses, sources.Count{Name: status, N: counts[status]})
		}
	}
	for _, kind := range []string{"delivery", "election"} {
		if kinds[kind] > 0 {
			r.Kinds = append(r.Kinds, sources.Count{Name: kind, N: kinds[kind]})
		}
	}
	r.Matching, r.Moving = len(rows), moving
	r.Top = min(v.Top, len(rows))
	r.At = slices.IndexFunc(rows, func(e sources.EntityRow) bool { return e.Entity == v.Cursor })
	if r.At >= 0 {
		r.Top = max(r.At-v.Above, 0)
	}
	r.Rows = rows[r.Top:min(r.Top+max(v.Rows, 0), len(rows))]
	return r
}

// heldOrder is the entities in the order that is held, and how many would move if it were not.
func (f *fake) heldOrder() (rows []sources.EntityRow, moving int) {
	hold := f.view.Entities.Hold
	if hold == 0 {
		return f.entities, 0
	}
	if f.held[hold] == nil {
		for i := range f.entities {
			f.held[hold] = append(f.held[hold], f.entities[i].Entity)
		}
	}
	known := 0
	for at, name := range f.held[hold] {
		i := slices.IndexFunc(f.entities, func(e sources.EntityRow) bool { return e.Entity == name })
		if i < 0 {
			continue
		}
		if known++; i != at {
			moving++
		}
		rows = append(rows, f.entities[i])
	}
	return rows, moving + len(f.entities) - known
}

// add appends an event to the world, as it comes from a broker.
func (f *fake) add(station, typ, kind, id, data, rejected string) *sources.Event {
	n := uint64(len(f.events) + 1)
	e := &sources.Event{Received: sources.Received{
		Number: n, UnixNano: noon.Add(time.Duration(n) * 7 * time.Millisecond).UnixNano(),
		Bus: "embedded nats", Station: station, Source: bus.Stream, Subject: station + "." + id,
		Position: bus.Position{Major: n}, Data: []byte(data), Size: len(data),
	}, Understood: sources.Understood{Type: typ, ID: id}, Outcome: sources.Outcome{Rejected: rejected}}
	if kind != "" {
		e.Kind = state.NewKind(kind)
		e.Version = 1
	}
	f.events = append(f.events, e)
	return e
}

func newFake() *fake {
	return &fake{changed: make(chan struct{}, 1), details: map[sources.Entity]*sources.EntityDetail{},
		held: map[uint64][]sources.Entity{}}
}

// rates is a minute of a rate that rises and falls.
func rates(most float64) []float64 {
	out := make([]float64, 60)
	for i := range out {
		out[i] = most * float64([]int{2, 3, 5, 8, 7, 6, 4, 3}[i%8]) / 8
	}
	return out
}

// demo is the world of the drawing in the design: three systems on an embedded broker.
func demo() *fake {
	f := newFake()
	station := func(name string, kind bus.Kind, perSecond float64, messages uint64) sources.StationRow {
		return sources.StationRow{Key: name, Bus: "embedded nats", Reading: true, Rate: perSecond, Rates: rates(perSecond),
			Backfill: 1, From: "all", Last: noon, Ledger: sources.Ledger{Received: messages, Decoded: messages, Folded: messages, Held: messages},
			Station: bus.Station{Name: name, Kind: kind, Replayable: true, Readable: true, Messages: messages,
				Bytes: messages * 190, Subjects: []string{name + ".>"}, Consumers: 1, Created: noon.Add(-time.Hour),
				First: bus.Position{Major: 1}, Last: bus.Position{Major: messages},
				Reading: "ordered consumer, gone within 5 s of the session",
				Details: []bus.Detail{{Name: "retention", Value: "limits, 1 day"}, {Name: "storage", Value: "memory"},
					{Name: "duplicates", Value: "within 2 min"}}}}
	}
	f.base = sources.Snapshot{Number: 1, Time: noon, Rate: 1284, Rates: rates(1284),
		Ledger: sources.Ledger{Received: 48210, Decoded: 48204, Undecodable: 6, Folded: 47000, Rejected: 204, Failed: 3, Unfolded: 997, Held: 48210},
		Buses:  []sources.BusRow{{Name: "embedded nats", Link: bus.Live, Since: noon.Add(-time.Minute)}},
		Stations: []sources.StationRow{station("deliveries", bus.Stream, 312, 31204), station("election", bus.Stream, 88, 9120),
			station("place-order", bus.Stream, 9, 4012), station("order-created", bus.Stream, 8.6, 3874),
			station("deliveries-state", bus.Bucket, 120, 214)},
		Consumers: []sources.ConsumerRow{
			{Bus: "embedded nats", Consumer: bus.Consumer{Station: "deliveries", Name: "mailer", Kind: "durable", Lag: 3, Unacked: 3,
				AckLimit: 1000, MaxDeliver: 5, Delivered: bus.Position{Major: 31201}, AckFloor: bus.Position{Major: 31198},
				LastActive: noon.Add(-4 * time.Minute), Members: []bus.Member{{Name: "mailer-1", Pending: 3, Idle: 4 * time.Minute}},
				Pending: []bus.Pending{{Position: bus.Position{Major: 31199}, Member: "mailer-1", Age: 4 * time.Minute, Deliveries: 2}}},
				Diagnosis: sources.Diagnosis{Severity: 7, Word: "stuck", Text: "stuck: nobody pulls, 3 wait"}, Lags: rates(3)},
			{Bus: "embedded nats", Consumer: bus.Consumer{Station: "election", Name: "event-store", Kind: "durable", Lag: 412, Unacked: 12},
				Diagnosis: sources.Diagnosis{Severity: 1, Word: "behind", Text: "behind, caught up in 40 s"}, Lags: rates(412)},
			{Bus: "embedded nats", Consumer: bus.Consumer{Station: "deliveries", Name: "courier", Kind: "durable", Waiting: 1},
				Diagnosis: sources.Diagnosis{Word: "ok", Text: "keeping up"}, Lags: rates(0)},
		}}
	deliver(f)
	return f
}

// deliver gives the world deliveries, an election and their events.
func deliver(f *fake) {
	for i := range 40 {
		id := fmt.Sprintf("01HX%02dQ", i)
		f.add("deliveries", "CREATE_DELIVERY", "delivery", id,
			`{"type":"CREATE_DELIVERY","delivery_id":"`+id+`","data":{"budget":50,"notes":"ring twice"}}`, "").Body =
			[]byte(`{"budget":50,"notes":"ring twice"}`)
		f.add("deliveries", "PICKUP_PRODUCTS", "delivery", id, `{"purchase_price":10,"quantity":2}`, "")
		if i%4 == 1 {
			f.add("deliveries", "DELIVER_PRODUCTS", "delivery", id, `{"sell_price":15,"quantity":11}`, "Not enough quantity")
		}
		if i%5 == 2 {
			f.add("election", "BallotCast", "ballot", fmt.Sprint("b-", i), fmt.Sprintf(`{"ballot_id":"b-%d","rating":4}`, i), "")
		}
		status := []string{"collected", "active", "completed", "ready"}[i%4]
		row := sources.EntityRow{Entity: sources.Entity{Kind: "delivery", ID: id}, Version: uint64(i%4 + 1), Status: status,
			Fields: []state.Field{{Name: "budget", Value: state.IntValue(int64(30 + i))},
				{Name: "notes", Value: state.TextValue("ring twice")}}, Partial: i == 7, Lack: lackOf(i == 7)}
		if i%4 == 1 {
			row.Rejected = 1
		}
		f.entities = append(f.entities, row)
	}
	first := f.entities[0]
	first.Version = 4
	f.entities[0].Version = 4
	step := func(v uint64, typ, rejected string, changes ...state.FieldChange) sources.HistoryStep {
		return sources.HistoryStep{Version: v, Number: v, Folded: rejected == "", Time: noon.Add(time.Duration(v) * time.Second), Type: typ,
			Station: "deliveries", Rejected: rejected, Changes: changes}
	}
	text, number := state.TextValue, state.IntValue
	f.details[first.Entity] = &sources.EntityDetail{EntityRow: first, Shown: 4, Newest: 4,
		State: []sources.StateField{
			{Field: state.Field{Name: "status", Value: text("collected")}, Was: text("active"), SetBy: "PICKUP_PRODUCTS", SetAt: 4, Changed: true},
			{Field: state.Field{Name: "budget", Value: number(30)}, Was: number(50), SetBy: "PICKUP_PRODUCTS", SetAt: 4, Changed: true},
			{Field: state.Field{Name: "quantity", Value: number(2)}, SetBy: "PICKUP_PRODUCTS", SetAt: 4, Changed: true},
			{Field: state.Field{Name: "notes", Value: text("ring twice")}, SetBy: "CREATE_DELIVERY", SetAt: 1}},
		History: []sources.HistoryStep{
			step(1, "CREATE_DELIVERY", "", state.FieldChange{Name: "status", Is: text("ready")},
				state.FieldChange{Name: "budget", Is: number(50)}),
			step(2, "START_DELIVERY", "", state.FieldChange{Name: "status", Was: text("ready"), Is: text("active")}),
			step(2, "START_DELIVERY", "Delivery already started"),
			step(3, "INCREASE_BUDGET", "", state.FieldChange{Name: "budget", Was: number(30), Is: number(50)}),
			step(4, "PICKUP_PRODUCTS", "", state.FieldChange{Name: "status", Was: text("active"), Is: text("collected")},
				state.FieldChange{Name: "budget", Was: number(50), Is: number(30)})}}
}

func lackOf(partial bool) sources.Lack {
	if partial {
		return sources.Began
	}
	return sources.Whole
}
