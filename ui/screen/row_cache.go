package screen

// RowCache keeps rows as they were drawn, by what they show. It is emptied when the look changes (the width, the theme,
// the columns) and when it is full, so it never holds more than a few screens.
type RowCache[K comparable] struct {
	rows map[K]string
	look any
}

// mostRows bounds a RowCache.
const mostRows = 2048

// SetLook says what the look is now.
func (c *RowCache[K]) SetLook(look any) {
	if c.rows == nil || c.look != look || len(c.rows) >= mostRows {
		c.rows, c.look = make(map[K]string, 256), look
	}
}

// Row is the row that was drawn for a key; draw makes it when there is none.
func (c *RowCache[K]) Row(key K, draw func() string) string {
	row, ok := c.rows[key]
	if !ok {
		row = draw()
		c.rows[key] = row
	}
	return row
}
