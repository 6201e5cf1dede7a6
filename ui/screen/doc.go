// Package screen is what text on a terminal is made of: text made harmless, rows of exactly so many cells, borders,
// lists, typing, colours, and numbers in words. The dashboard and the command line both draw with it.
//
// It knows nothing of what is drawn: it imports nothing else of this program. Nothing in it waits, does I/O or starts a
// goroutine. Functions may be called from any goroutine; a value with methods belongs to one goroutine at a time.
//
// Text that came from outside passes Clean (or CleanUpTo, CleanID) once before it is drawn, and no other function does
// that: Text, Input and LayOutPayload clean what they are given when they draw it; everything else takes text that is
// clean already. Widths are counted in cells of the terminal, never in bytes or letters.
package screen
