package window

// Oldest is the number of a station's oldest event that is held; false where none is.
func (w *Window) Oldest(station uint16) (number uint64, found bool) {
	for _, c := range w.chunks {
		if int(station) >= len(c.byStation) || c.byStation[station] == 0 {
			continue
		}
		for i := range c.n {
			if c.get(i).Station() == station {
				return c.first + uint64(i), true
			}
		}
	}
	return 0, false
}
