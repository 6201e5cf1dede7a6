// Package event is a message with what became of it: what the broker said of it, what it is about, what it led to; how it
// is folded, copied, wanted by a filter, and written as JSON.
package event
