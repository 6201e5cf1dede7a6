// Package sources is what the panes show: events, stations, consumers, entities, each kept current from buses by an
// Engine. It does not know what events mean: a Domains and its Folds tell it.
//
// One goroutine, that of Engine.Run, owns all state. Domains, Folds, filters, the Tap and the conditions of Await run on
// it and must not block. Everything else may be called from any goroutine: Look and Snapshot never block, calls with a
// context wait for the engine until it ends. What a Snapshot or a call hands out is a copy that nothing changes.
//
// Memory is bounded by Options.Memory. Events leave the window oldest first; entities lose their states, and then
// leave, least recently touched first, and those that may have lost something are marked partial. Nothing leaves
// uncounted: see Ledger.
package sources
