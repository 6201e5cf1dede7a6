package bustest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"signalbox/bus"
)

// copies: what is kept under keys is read, in the order it is asked for, and found by the ends of its paths.
func copies(t *testing.T, h Harness) {
	if !h.Capabilities.CopyReader {
		t.Skip("the bus has no copies")
	}
	ctx, b := connected(t, h)
	c := can[bus.CopyReader](t, b)
	if c.CopyStore() == "" {
		t.Error("domain files have no name for the place where copies are kept")
	}
	if got, err := c.Copies(ctx, []string{h.Copy("state", "o-1")}); err != nil || len(got) != 1 || got[0].Kept {
		t.Errorf("a copy where nothing is kept at all: %+v, %v", got, err)
	}
	if got := pathsOf(ctx, t, c, h.Copy("state", "o-"), ""); len(got) > 0 {
		t.Errorf("paths where nothing is kept at all: %q", got)
	}
	if err := can[bus.Maker](t, b).Make(ctx, bus.NewStation{Name: "state", Keyed: true}); err != nil {
		t.Fatalf("make: %v", err)
	}
	want := keep(ctx, t, h, b)
	readCopies(ctx, t, c, want)
	findCopies(ctx, t, c, h, want)
}

// keep puts values under keys, and returns them by their paths; what has none is nil.
func keep(ctx context.Context, t *testing.T, h Harness, b bus.Bus) map[string][]byte {
	k, want := can[bus.Keeper](t, b), map[string][]byte{h.Copy("state", "absent"): nil}
	put := func(key string, value []byte) {
		if err := k.Put(ctx, "state", key, value); err != nil {
			t.Fatalf("put: %v", err)
		}
		want[h.Copy("state", key)] = value
	}
	for i := range bus.CopiesAtOnce - 5 {
		put(fmt.Sprintf("o-%d", i), fmt.Appendf(nil, `{"n":%d}`, i))
	}
	put("o-1-old", []byte("no JSON\x00"))
	put("p-1", []byte("{}"))
	return want
}

func readCopies(ctx context.Context, t *testing.T, c bus.CopyReader, want map[string][]byte) {
	var paths []string
	for path := range want { // in any order
		paths = append(paths, path)
	}
	paths = append(paths, paths[0]) // and one twice
	got, err := c.Copies(ctx, paths)
	if err != nil || len(got) != len(paths) {
		t.Fatalf("%d copies of %d paths, %v", len(got), len(paths), err)
	}
	for i, path := range paths {
		value := want[path]
		if got[i].Kept != (value != nil) || !bytes.Equal(got[i].Data, value) || got[i].Size != len(value) {
			t.Errorf("the copy at %s is %+v, want %q", path, got[i], value)
		}
	}
	if got, err := c.Copies(ctx, nil); err != nil || len(got) > 0 {
		t.Errorf("the copies of no paths: %+v, %v", got, err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := c.Copies(ended, paths); err == nil {
		t.Error("copies are read after the context has ended")
	}
}

func findCopies(ctx context.Context, t *testing.T, c bus.CopyReader, h Harness, want map[string][]byte) {
	var all []string
	for i := range bus.CopiesAtOnce - 5 {
		all = append(all, h.Copy("state", fmt.Sprintf("o-%d", i)))
	}
	old := h.Copy("state", "o-1-old")
	slices.Sort(all)
	for _, x := range []struct {
		prefix, suffix string
		want           []string
	}{
		{h.Copy("state", "o-"), "", slices.Sorted(slices.Values(append(slices.Clone(all), old)))},
		{h.Copy("state", "o-"), "-old", []string{old}},
		{h.Copy("state", "q"), "", nil},
		{h.Copy("state", "*"), "", nil}, // it stands for itself
	} {
		if got := pathsOf(ctx, t, c, x.prefix, x.suffix); !slices.Equal(got, x.want) {
			t.Errorf("paths between %q and %q:\n%q\nwant\n%q", x.prefix, x.suffix, got, x.want)
		}
	}
	n := 0
	err := c.CopyPaths(ctx, h.Copy("state", ""), "", func(path string) bool {
		if _, kept := want[path]; !kept {
			t.Errorf("a path that nobody made: %s", path)
		}
		n++
		return n < 3
	})
	if n != 3 || err != nil {
		t.Errorf("%d paths, %v: want the three that were wanted", n, err)
	}
}

// pathsOf are the paths between a beginning and an ending, each once.
func pathsOf(ctx context.Context, t *testing.T, c bus.CopyReader, prefix, suffix string) []string {
	t.Helper()
	var got []string
	err := c.CopyPaths(ctx, prefix, suffix, func(path string) bool {
		got = append(got, path)
		return true
	})
	if err != nil {
		t.Errorf("paths between %q and %q: %v", prefix, suffix, err)
	}
	slices.Sort(got)
	return slices.Compact(got)
}
