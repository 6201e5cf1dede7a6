package panes

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"signalbox/sources"
	"signalbox/sources/diagnosis"
	"signalbox/sources/state"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// at is a time for widths that follow what is shown.
var at = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// deck is what rows are drawn for.
var deck = &component.Deck{Theme: screen.PlainTheme, Now: func() time.Time { return at }}

// row checks that a row is as wide as it should be, and that no column of it is an ellipsis alone.
func row(t *testing.T, width int, drawn string) string {
	t.Helper()
	text := ansi.Strip(drawn)
	if got := screen.Cells(text); got != width {
		t.Errorf("%d cells instead of %d: %q", got, width, text)
	}
	cells := strings.Fields(text)
	if i := slices.Index(cells, "…"); i >= 0 && i < len(cells)-1 || i == 0 {
		t.Errorf("%d cells: an ellipsis alone in %q", width, text)
	}
	return text
}

// parcels are entities of several kinds with long identifiers.
func parcels() []sources.EntityRow {
	var rows []sources.EntityRow
	for i := range 12 {
		r := sources.EntityRow{Version: uint64(i*i + 1), Status: []string{"on its way", "returned", ""}[i%3], Rejected: uint64(i % 4),
			Partial: i%5 == 0, Fields: []state.Field{{Name: "note", Value: state.TextValue("ring twice, please, at the door")},
				{Name: "weight", Value: state.IntValue(int64(i * 7))}, {Name: "total", Value: state.FloatValue(12.5 * float64(i))}}}
		r.Kind, r.ID = []string{"parcel", "subscription"}[i%2], fmt.Sprintf("01M7ZJ9JHAYNMBPMZY4ETMVN%02d", i)
		rows = append(rows, r)
	}
	return rows
}

func TestEntityColumns(t *testing.T) {
	rows := parcels()
	for _, mixed := range []bool{true, false} {
		for width := 18; width <= 198; width++ {
			var needs entityNeeds
			var keys keyFields
			keys.choose(rows)
			c := needs.fit(deck, rows, &keys, mixed, width)
			heading := row(t, width, c.heading(screen.PlainTheme))
			for i := range rows {
				text := row(t, width, c.row(deck, &rows[i], &keys, i == 3, true))
				if id := rows[i].ID; !strings.Contains(text, id[len(id)-5:]) {
					t.Errorf("%d cells: no end of the id in %q", width, text)
				}
				if width >= 100 && !strings.Contains(text, rows[i].ID) {
					t.Errorf("%d cells: the id is cut in %q", width, text)
				}
			}
			if width >= 40 && !mixed && !strings.Contains(heading, "total") {
				t.Errorf("%d cells: the heading does not name the key field: %q", width, heading)
			}
		}
	}
}

// The key column says the names of its fields in all rows or in none, and never begins a value that has lost its end to one.
func TestKeyColumnIsOneWay(t *testing.T) {
	rows := parcels()
	rows[1].Fields = append(rows[1].Fields, state.Field{Name: "items", Value: state.TextValue("something long enough to be cut")})
	for width := 40; width <= 198; width++ {
		var needs entityNeeds
		keys := keyFields{named: func(kind string) string { return map[string]string{"subscription": "items"}[kind] }}
		keys.choose(rows[:2])
		c := needs.fit(deck, rows[:2], &keys, true, width)
		text := row(t, width, c.row(deck, &rows[0], &keys, false, true))
		other := row(t, width, c.row(deck, &rows[1], &keys, false, true))
		if c.key > 0 && strings.Contains(text, "total=") != strings.Contains(other, "items=") {
			t.Errorf("%d cells: one with its name, one without:\n%s\n%s", width, text, other)
		}
	}
}

// A column is as wide as its heading, though what is in it is narrower.
func TestHeadingOfShortStatuses(t *testing.T) {
	rows := parcels()[:1]
	rows[0].Status = "s1"
	var needs entityNeeds
	var keys keyFields
	c := needs.fit(deck, rows, &keys, false, 58)
	if heading := row(t, 58, c.heading(screen.PlainTheme)); !strings.Contains(heading, " status ") {
		t.Errorf("the heading is %q", heading)
	}
}

// The parts of the totals come to the number of entities.
func TestTotalsCountEntitiesWithoutStatus(t *testing.T) {
	var e entities
	rows := sources.EntityRows{Total: 35, Rejected: 8, Statuses: []sources.Count{{Name: "completed", N: 20}, {Name: "ready", N: 14}}}
	if got := ansi.Strip(strings.Join(e.counts(deck, rows, 80, 2), " ")); !strings.Contains(got, "20 completed · 14 ready · 1 without status") {
		t.Errorf("totals of 35: %q", got)
	}
	rows.Total = 34
	if got := ansi.Strip(strings.Join(e.counts(deck, rows, 80, 2), " ")); strings.Contains(got, "without") {
		t.Errorf("totals of 34: %q", got)
	}
}

// The key field is the one that a domain names, else one that tells much of an entity, else none.
func TestKeyFields(t *testing.T) {
	field := func(name string, v state.Value) state.Field { return state.Field{Name: name, Value: v} }
	one := func(kind string, fields ...state.Field) sources.EntityRow {
		r := sources.EntityRow{Fields: fields}
		r.Kind, r.ID = kind, "x-1"
		return r
	}
	keys := keyFields{named: func(kind string) string { return map[string]string{"delivery": "notes", "order": "items"}[kind] }}
	rows := []sources.EntityRow{
		one("delivery", field("budget", state.IntValue(3)), field("notes", state.TextValue("ring"))),
		one("order", field("id", state.TextValue("x-1")), field("quantity", state.IntValue(3)), field("Total", state.IntValue(9))),
		one("reading", field("note", state.TextValue("b")), field("celsius", state.FloatValue(3.5))),
		one("door", field("state", state.TextValue("open"))),
	}
	wants := func(names ...string) {
		t.Helper()
		keys.choose(rows)
		for i, want := range names {
			if f, ok := keys.of(&rows[i]); f.Name != want || ok != (want != "") {
				t.Errorf("%s: %q, want %q", rows[i].Kind, f.Name, want)
			}
		}
	}
	wants("notes", "Total", "celsius", "")
	rows[1].Fields = append(rows[1].Fields, field("items", state.TextValue("tea")))
	wants("notes", "items", "celsius", "")
}

func TestConsumerColumns(t *testing.T) {
	rows := []sources.ConsumerRow{
		{Diagnosis: sources.Diagnosis{Word: "redelivering", Severity: 3, Text: "4 messages redelivered, or given up"}, Rate: 12_345},
		{Diagnosis: sources.Diagnosis{Word: "ok", Text: "keeping up"}},
	}
	rows[0].Name, rows[0].Station, rows[0].Lag, rows[0].Unacked, rows[0].Redelivered, rows[0].GivenUp =
		"billing-archive-worker", "INVOICES", 42_000, 12_000, 11_000, 94_000
	rows[1].Name, rows[1].Station, rows[1].Redelivered, rows[1].GivenUp = "mailer", "orders", -1, -1
	diagnosis.Sort(rows)
	for width := 18; width <= 198; width++ {
		var needs consumerNeeds
		c := needs.fit(deck, rows, width)
		heading := row(t, width, c.heading(screen.PlainTheme, width))
		first := row(t, width, c.row(deck, &rows[0], true, true, width))
		row(t, width, c.row(deck, &rows[1], false, true, width))
		names, figures := []string{"lag", "unacked", "redel", "given up", "rate"}, []string{"42k", "12k", "11k", "94k", "12k/s"}
		for i := range names {
			if strings.Contains(heading, names[i]) != strings.Contains(first, figures[i]) || width >= 76 && !strings.Contains(first, figures[i]) {
				t.Errorf("%d cells: %s and %s go together, and are there:\n%s\n%s", width, names[i], figures[i], heading, first)
			}
		}
		if width >= 32 && !strings.Contains(first, "redelivering") && !strings.Contains(first, "4 messages") {
			t.Errorf("%d cells: the diagnosis is not seen in %q", width, first)
		}
	}
}
