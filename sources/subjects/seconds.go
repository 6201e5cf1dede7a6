package subjects

// Leaves are counted with each event, branches only when somebody looks or a second ends: sumBranches brings them up to date.

// sumBranches counts in the branches what was counted in their leaves.
func (t *Tree) sumBranches() {
	for _, leaf := range t.fresh {
		for n := leaf; n != nil; n = n.parent {
			if n.tick != t.ticks {
				n.before, n.second, n.tick = n.rate(t.ticks), 0, t.ticks
			}
			n.events += uint64(leaf.fresh)
			if !t.past {
				n.second += leaf.fresh
			}
			n.at = max(n.at, leaf.at)
		}
		leaf.fresh = 0
	}
	t.fresh = t.fresh[:0]
}

// quietSeconds is after how long without events a subject may lose its place.
const quietSeconds = 60

// rate is how many events came in the last whole second.
func (n *node) rate(tick uint32) uint32 {
	switch n.tick {
	case tick:
		return n.before
	case tick - 1:
		return n.second
	}
	return 0
}

// Tick ends a second.
func (t *Tree) Tick() {
	if t == nil {
		return
	}
	t.sumBranches()
	t.ticks++
	if t.short {
		t.short, t.last = false, nil
		t.clear(t.root)
	}
}

// clear makes places where there are none: what has been quiet for long is counted in the rest.
func (t *Tree) clear(branch *node) {
	crowded := t.crowded(branch)
	kids := branch.kids[:0]
	for _, n := range branch.kids {
		if crowded && t.ticks-n.tick > quietSeconds {
			rest := t.restOf(branch)
			rest.events += n.events
			rest.at = max(rest.at, n.at)
			t.drop(n)
			continue
		}
		t.clear(n)
		kids = append(kids, n)
	}
	clear(branch.kids[len(kids):])
	branch.kids = kids
}

// drop forgets a subject and all under it.
func (t *Tree) drop(n *node) {
	for _, kid := range n.kids {
		t.drop(kid)
	}
	if n.rest != nil {
		t.space.Held -= nodeCost
	}
	if t.leaves[n.path] == n {
		delete(t.leaves, n.path)
	} else {
		delete(t.branches, n.path)
	}
	t.kept--
	t.space.Held -= nodeCost + int64(len(n.path))
}
