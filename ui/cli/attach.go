package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/target"
)

// attacher attaches to further buses while the deck is shown, and detaches from them.
type attacher struct {
	session  *session
	from     bus.From // where reading starts unless that is said
	contexts []string // the names by which buses were known when the deck began: some are read from files
}

// Attach implements deck.Attacher.
func (a *attacher) Attach(ctx context.Context, words []string) (bus.Bus, string, error) {
	words, from, err := a.start(words)
	if err != nil {
		return nil, "", err
	}
	t, err := a.wanted(words)
	if err != nil {
		return nil, "", err
	}
	var said aside
	b, fresh, err := a.connected(ctx, t, &said)
	if err != nil {
		return nil, "", err
	}
	if err := a.attach(ctx, b, t.Stations, from, &said); err != nil {
		if fresh {
			_ = a.session.engine.Detach(context.WithoutCancel(ctx), b) // it may not have come so far
			_ = b.Close()                                              // why it is not wanted is said
		}
		return nil, "", err
	}
	if fresh {
		a.session.add(b, t)
	}
	return b, strings.TrimSpace(said.text() + "attached to " + b.Info().Name), nil
}

// aside takes what people should know, while it cannot be written where the deck is. Any goroutine may write.
type aside struct {
	mu   sync.Mutex
	said strings.Builder
}

func (a *aside) Write(text []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.said.Write(text)
}

// text is what was said, in one line, with a semicolon behind each sentence.
func (a *aside) text() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return strings.ReplaceAll(strings.ReplaceAll(a.said.String(), "signalbox: ", ""), "\n", "; ")
}

// start takes --from out of the words.
func (a *attacher) start(words []string) (rest []string, from bus.From, err error) {
	from = a.from
	for i := 0; i < len(words); i++ {
		text, found := strings.CutPrefix(words[i], "--from")
		switch {
		case !found:
			rest = append(rest, words[i])
			continue
		case text == "" && i+1 < len(words):
			i++
			text = words[i]
		default:
			text = strings.TrimPrefix(text, "=")
		}
		if from, err = bus.ParseFrom(text); err != nil {
			return nil, from, fmt.Errorf("--from: %w", err)
		}
	}
	return rest, from, nil
}

// wanted is what the words name: a bus by its URL or its context, or stations of the one that is attached.
func (a *attacher) wanted(words []string) (target.Target, error) {
	if len(words) == 0 {
		return target.Target{}, errors.New("no bus is named")
	}
	name, rest := words[0], words[1:]
	names := a.session.options.names
	names.Context, names.Unused = target.Context{}, nil
	names.Ask = func() error { return errors.New("signalbox.yaml is not trusted: run signalbox trust first") }
	switch {
	case name == target.Pipe:
		return target.Target{}, errors.New("standard input cannot be attached later")
	case brokers.IsBus(name):
		rest = words
	case brokers.Mistake(name, false) != nil:
		return target.Target{}, brokers.Mistake(name, false)
	case slices.Contains(names.Contexts(), name):
		names.Context = target.Context{Name: name, Given: true}
	default:
		return a.further(words)
	}
	targets, err := names.All(rest)
	if err != nil {
		return target.Target{}, err
	}
	if len(targets) != 1 {
		return target.Target{}, errors.New("one bus at a time")
	}
	return targets[0], nil
}

// further are stations of the only bus.
func (a *attacher) further(stations []string) (target.Target, error) {
	all := a.session.attached()
	if len(all) != 1 {
		return target.Target{}, fmt.Errorf("no bus is known by the name %s, and %d are attached: say whose station it is by the URL before it", stations[0], len(all))
	}
	t := a.session.targetOf(all[0])
	t.Stations = stations
	return t, nil
}

// connected is a connection to a target: the one that there is already, or a fresh one.
func (a *attacher) connected(ctx context.Context, t target.Target, said *aside) (b bus.Bus, fresh bool, err error) {
	for _, there := range a.session.attached() {
		if a.session.targetOf(there).Same(t) {
			b = there
		}
	}
	if b == nil {
		o := a.session.options
		fresh = true
		quiet := options{err: said, allowAll: o.allowAll, allowConfig: o.allowConfig}
		if b, err = o.connect(ctx, t, quiet.settings(a.session.feeds, a.session.memory)); err != nil {
			return nil, false, err
		}
		b = a.session.tap.Around(b)
		for _, there := range a.session.attached() {
			if there.Info().Name == b.Info().Name {
				err := fmt.Errorf("%s is attached already, by another URL", there.Info().Name)
				return nil, false, cmp.Or(err, b.Close())
			}
		}
	}
	if !fresh && len(t.Stations) == 0 {
		return nil, false, fmt.Errorf("%s is attached already: name the stations that are wanted besides", b.Info().Name)
	}
	return b, fresh, nil
}

func (a *attacher) attach(ctx context.Context, b bus.Bus, stations []string, from bus.From, said *aside) error {
	quiet := options{err: said, wait: a.session.options.wait}
	if err := quiet.checkStations(ctx, b, stations, a.session.library.StationNames(), true); err != nil {
		return err
	}
	if err := a.session.engine.Attach(ctx, b, sources.Selection{Names: stations, From: from}); err != nil {
		return attachError(b, err)
	}
	return nil
}

// Detach implements deck.Attacher.
func (a *attacher) Detach(ctx context.Context, b bus.Bus, stations ...string) error {
	if err := a.session.engine.Detach(ctx, b, stations...); err != nil || len(stations) > 0 {
		return err
	}
	a.session.remove(b)
	return b.Close()
}

// Contexts implements deck.Attacher.
func (a *attacher) Contexts() []string { return a.contexts }
