// Package inquiry is what is found out of the events and entities that are held while messages go on coming in: the flow that
// somebody looks at, a chart, cohorts, breakpoints and what violates invariants. Each looks at events as they are folded, and goes
// through what was held before, from one slice of time to the next, until its Work says that nothing is left.
//
// All of it belongs to the goroutine of its store. Nothing blocks; what nobody looks at costs nothing.
package inquiry
