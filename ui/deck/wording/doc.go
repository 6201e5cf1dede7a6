// Package wording says in words, for rows and texts, what the engine knows: values and their changes, positions, kinds of
// stations, how far a station has been read, how bad a diagnosis is. Its functions are pure. Those that take what a
// broker sent return text that is not yet clean, unless they draw it.
package wording
