package bus

import (
	"context"
	"fmt"
)

// As finds a capability of a bus, named by its interface: bus.As[bus.Publisher](b). It is the one way to ask, because a
// bus may stand around another: one that records what passes, masks payloads or delays them. Such a bus implements Bus,
// and for the rest
//
//   - says by Unwrap() Bus what it stands around; As looks there for what it does not implement itself, so that nothing
//     is lost;
//   - overrides a capability by implementing its interface, most often by calling As on the bus inside;
//   - hides capabilities, its own ones included, by Hides(capability any) bool. As asks it first, with a nil pointer to
//     the interface, so that a type switch tells which one is meant: case *bus.Publisher, *bus.Worker: return true.
//
// A bus that overrides a capability which the bus inside may lack hides it when As does not find it there.
func As[T any](b Bus) (T, bool) {
	for b != nil {
		if h, ok := b.(interface{ Hides(capability any) bool }); ok && h.Hides((*T)(nil)) {
			break
		}
		if capability, ok := b.(T); ok {
			return capability, true
		}
		around, ok := b.(interface{ Unwrap() Bus })
		if !ok {
			break
		}
		b = around.Unwrap()
	}
	var none T
	return none, false
}

// Publish sends a message on a bus that can. That it cannot is an error.
func Publish(ctx context.Context, b Bus, out Outgoing) (Receipt, error) {
	p, ok := As[Publisher](b)
	if !ok {
		return Receipt{}, fmt.Errorf("send to %s: %s takes no messages in", out.Station, b.Info().Name)
	}
	return p.Publish(ctx, out)
}

// WaitingIn is how many bytes of memory wait in a feed for Next, as far as it tells: it is a Waiter, or stands around one
// and says so by Unwrap() Feed.
func WaitingIn(f Feed) int64 {
	if w, ok := feedAs[Waiter](f); ok {
		return w.Waiting()
	}
	return 0
}

// Conclude asks a feed what was lost of all that it has read, and reports whether it will tell: it is a Concluder, or stands
// around one and says so by Unwrap() Feed.
func Conclude(f Feed) bool {
	c, ok := feedAs[Concluder](f)
	if ok {
		c.Conclude()
	}
	return ok
}

// feedAs finds a capability of a feed, or of the one that it stands around.
func feedAs[T any](f Feed) (T, bool) {
	for f != nil {
		if capability, ok := f.(T); ok {
			return capability, true
		}
		around, ok := f.(interface{ Unwrap() Feed })
		if !ok {
			break
		}
		f = around.Unwrap()
	}
	var none T
	return none, false
}
