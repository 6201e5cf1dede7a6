package state

// Entity names one thing that events happen to.
type Entity struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// IsZero tells whether the name names nothing.
func (e Entity) IsZero() bool { return e == Entity{} }

// String is "delivery/01HX7Q".
func (e Entity) String() string { return e.Kind + "/" + e.ID }
