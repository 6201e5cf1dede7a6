package sources

// Filter tells what is wanted. A nil one wants everything. Filters are compared with ==: each that is made differs from
// all others.
type Filter[T any] struct {
	wants func(*T) bool
	ages  bool
}

// NewFilter makes a filter of a function, which is called on the engine's goroutine, must not keep what it is asked
// about, and must be safe to call again at any time.
func NewFilter[T any](wants func(*T) bool) *Filter[T] { return &Filter[T]{wants: wants} }

// NewAgingFilter makes one of a function that may want something else as time goes by: lists ask it again and again.
func NewAgingFilter[T any](wants func(*T) bool) *Filter[T] {
	return &Filter[T]{wants: wants, ages: true}
}

// Ages tells whether it may want something else as time goes by. A nil one does not.
func (f *Filter[T]) Ages() bool { return f != nil && f.ages }

// EventFilter is a filter of events.
type EventFilter = Filter[Event]

// EntityFilter is a filter of entities.
type EntityFilter = Filter[EntityRow]

// Wants tells whether x is wanted. A filter that panics does not want it.
func (f *Filter[T]) Wants(x *T) (wanted bool) {
	if f == nil {
		return true
	}
	defer func() {
		if recover() != nil {
			wanted = false
		}
	}()
	return f.wants(x)
}
