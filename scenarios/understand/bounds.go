package understand

import "fmt"

// reached is a bound that was reached.
type reached int

const (
	tooManyTypes reached = iota
	tooManyKinds
	longType
	longIdentity
	bounds
)

// texts say what is left out and what can be done.
var texts = [bounds]string{
	tooManyTypes: fmt.Sprintf("there are more than %d types of events that no domain knows; events of other types are shown as %s: "+
		"name the stations that matter, or write a domain that says where the type is", maxTypes, otherType),
	tooManyKinds: fmt.Sprintf("what no domain knows names more than %d kinds of entities; events of other kinds are shown without an entity: "+
		"name the stations that matter, or write a domain that says what the entity is", maxKinds),
	longType: fmt.Sprintf("a type of events is longer than %d bytes; what goes beyond is left out", maxTypeName),
	longIdentity: fmt.Sprintf("an identity is longer than %d bytes; events with such a one are shown without an entity, "+
		"unless a domain says what it is", maxTypeName),
}

// TellBounds implements sources.Bounded.
func (u *Understanding) TellBounds(call func(text string)) { u.told = call }

// tell says once that a bound is reached.
func (u *Understanding) tell(which reached) {
	if !u.said[which] && u.told != nil {
		u.said[which] = true
		u.told(texts[which])
	}
}
