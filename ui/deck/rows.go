package deck

// rowCache keeps rows as they were drawn, by what they show. It is emptied when the look changes (the width, the theme,
// the columns) and when it is full, so it never holds more than a few screens.
type rowCache[K comparable] struct {
	rows map[K]string
	look any
}

// mostRows bounds a rowCache.
const mostRows = 2048

// under says what the look is now.
func (c *rowCache[K]) under(look any) {
	if c.rows == nil || c.look != look || len(c.rows) >= mostRows {
		c.rows, c.look = make(map[K]string, 256), look
	}
}

// row finds a row or has it drawn.
func (c *rowCache[K]) row(key K, draw func() string) string {
	row, ok := c.rows[key]
	if !ok {
		row = draw()
		c.rows[key] = row
	}
	return row
}
