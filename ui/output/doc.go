// Package output is what signalbox writes besides the dashboard: stations, consumers, entities, events and messages as
// lines for people and as JSON, and notices of what goes on. The names that JSON has here are the ones that scripts of
// users rely on: none changes its meaning.
//
// Text for people is made harmless here (screen.Clean); JSON keeps all that was in it, with what a terminal might act
// upon escaped. Writing waits for the stream it writes to, but for EventPrinter, which waits only while some
// mebibytes are pending. Functions may be called from any goroutine; a Table belongs to one; what Notices and
// EventPrinter allow is said at their methods.
package output
