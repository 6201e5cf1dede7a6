// Package revisit goes to moments of recordings of which the events are held no more: it keeps from which station each event came,
// and checkpoints, which are how all entities were after some of the events; and it reads the stretch around a moment again,
// from the checkpoint before it on, into a store of its own. What is read again has the numbers, states and counts that it had
// when it was read for the first time.
//
// All of it belongs to the goroutine of the engine. Nothing there blocks: what waits for the disk or takes long runs on
// goroutines of a group that is handed in, and what they have comes by a channel. What is kept has a bound.
package revisit
