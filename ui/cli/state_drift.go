package cli

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"signalbox/scenarios/truth"
	"signalbox/sources"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// How long what differs may be on its way, and how long to rest between two questions to a bus.
const (
	driftGrace = time.Second
	driftRest  = 20 * time.Millisecond
)

// drift reads what the bus can replay and compares it with the copies that applications keep.
func (c *state) drift(ctx context.Context, args []string, of sources.Entity) error {
	r, err := c.replay(ctx, args, nil, sources.Options{})
	if err != nil {
		return err
	}
	return r.answer(ctx, func(ctx context.Context, s *session) error { return c.compare(ctx, s, of) })
}

// compare compares with the copies of all places that a bus of the session has.
func (c *state) compare(ctx context.Context, s *session, of sources.Entity) error {
	var sum truth.Report
	places := 0
	for _, place := range s.library.Truths() {
		if of.Kind != "" && place.Kind != of.Kind {
			continue
		}
		for _, b := range s.buses {
			copies, ok := place.On(b)
			if !ok {
				continue
			}
			places++
			check := truth.Check{Place: &place, Engine: s.engine, Copies: copies, Grace: driftGrace, Rest: driftRest}
			if of.ID != "" {
				check.Filter = sources.NewFilter(func(r *sources.EntityRow) bool { return r.ID == of.ID })
			}
			report, err := check.Run(ctx)
			if err != nil {
				return busError{err}
			}
			sum.Compared += report.Compared
			sum.Partial += report.Partial
			sum.OnTheWay += report.OnTheWay
			sum.Unseen = sum.Unseen || report.Unseen
			sum.More = sum.More || report.More
			sum.Drifts = append(sum.Drifts, report.Drifts...)
		}
	}
	if places == 0 {
		return fmt.Errorf("no domain says where an application keeps copies of %s on this bus: write it below truth: in a domain file, and name that by --domain",
			cmp.Or(of.Kind, "anything"))
	}
	return c.tellDrift(&sum)
}

// tellDrift prints what was found, and is an error where there is drift.
func (c *state) tellDrift(sum *truth.Report) error {
	if sum.Partial > 0 {
		c.warn(fmt.Sprintf("%s not compared: not all of their events were seen", screen.Plural(sum.Partial, "entity")))
	}
	if sum.OnTheWay > 0 {
		c.warn(fmt.Sprintf("%s changed as long as they were looked at: whether they agree with their copies cannot be told", screen.Plural(sum.OnTheWay, "entity")))
	}
	if sum.Unseen {
		c.warn("what only copies know was not looked for: not all stations were read from their beginnings")
	}
	if sum.More {
		c.warn(fmt.Sprintf("more than %s copies are of entities of which no event was seen: only so many were looked at", screen.Grouped(truth.MostAlone)))
	}
	if len(sum.Drifts) == 0 {
		output.NewNotices(c.err).Line("signalbox: no drift: " + screen.Plural(sum.Compared, "entity") + " compared")
		return nil
	}
	lines := output.NewRows(c.out, c.json, "ENTITY", "COPY", "DRIFT", "FIELDS")
	for i := range sum.Drifts {
		d := &sum.Drifts[i]
		err := lines.Add(func() any { return output.DriftJSON(d) }, func() []string {
			return []string{d.Entity.String(), d.Path, string(d.Sort), output.DriftText(d)}
		})
		if err != nil {
			return err
		}
	}
	if err := lines.Flush(); err != nil {
		return err
	}
	return failf("drift: %s of %d compared", screen.Plural(uint64(len(sum.Drifts)), "entity"), sum.Compared)
}
