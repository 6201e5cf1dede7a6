package component

// Trail is the way back: what was shown in each pane before its rows were narrowed, and which pane one came from.
type Trail struct {
	before map[Pane][]func() // each goes back to where one was in that pane
	from   *origin
}

// origin is where one came from when one thing led to another pane.
type origin struct {
	pane         Pane
	zoomed, away bool   // as they were
	back         func() // undoes what was done on the way
}

// mostBefore bounds how often one can go back in one pane.
const mostBefore = 50

// NewTrail is one that leads nowhere.
func NewTrail() *Trail { return &Trail{before: map[Pane][]func(){}} }

// push has Back go back to a place in a pane.
func (t *Trail) push(p Pane, back func()) {
	before := t.before[p]
	t.before[p] = append(before[max(len(before)-mostBefore+1, 0):], back)
}

// Back goes back to where one was in a pane before its rows were last narrowed; false when that is nowhere.
func (t *Trail) Back(p Pane) bool {
	before := t.before[p]
	if len(before) == 0 {
		return false
	}
	t.before[p] = before[:len(before)-1]
	before[len(before)-1]()
	return true
}

// Forget forgets where one was in a pane.
func (t *Trail) Forget(p Pane) { delete(t.before, p) }

// Narrowing remembers where one is in a pane that is about to be narrowed further, or has just been: mark was taken before.
func (d *Deck) Narrowing(p Filtered, mark func()) {
	d.Trail.push(p, mark)
	d.Trail.from = nil
}

// GoTo moves the focus to the first pane that is a T because of what is chosen in the one that has it; going back
// returns there.
func GoTo[T any](d *Deck) {
	from := &origin{pane: d.Panes.Focused(), zoomed: d.Panes.Zoomed(), away: d.Time.Away()}
	FocusOn[T](d)
	if d.Panes.Focused() != from.pane {
		d.Trail.from = from
	}
}

// Stay forgets which pane one came from: somebody has gone on to another.
func (t *Trail) Stay() { t.from = nil }

// CameFrom tells whether another pane led to the focused one, and nothing has been done since that comes first on the way
// back.
func (d *Deck) CameFrom() bool {
	from := d.Trail.from
	return from != nil && d.Panes.Zoomed() == from.zoomed && d.Time.Away() == from.away
}

// ReturnFocus goes back to the pane one came from.
func (d *Deck) ReturnFocus() {
	from := d.Trail.from
	d.Trail.from = nil
	d.Panes.FocusOn(from.pane)
	if from.back != nil {
		from.back()
	}
}

// GoNarrowed is GoTo the first pane that is a T and can be filtered, which is narrowed on the way: going back widens it too.
func GoNarrowed[T any](d *Deck, narrow func() error) error {
	pane, ok := Find[T](d)
	f, filtered := any(pane).(Filtered)
	if !ok || !filtered {
		return nil
	}
	mark := f.Mark(d)
	if err := narrow(); err != nil {
		return err
	}
	d.Narrowing(f, mark)
	GoTo[T](d)
	if d.Trail.from != nil {
		d.Trail.from.back = func() { d.Trail.Back(f) }
	}
	return nil
}
