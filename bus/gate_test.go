package bus_test

import (
	"context"
	"testing"
	"testing/synctest"

	"signalbox/bus"
)

// Who passes an open gate is sent back once it is shut, and who comes to a shut one waits until it is open.
func TestAGateHoldsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g bus.Gate
		ctx, leave := g.Pass(t.Context())
		if ctx.Err() != nil || g.IsShut() {
			t.Fatal("a new gate is not open")
		}
		g.Shut()
		g.Shut()
		if ctx.Err() == nil || !g.IsShut() {
			t.Fatal("a gate was shut, and who passed it goes on")
		}
		leave()
		passed := make(chan error)
		go func() {
			ctx, leave := g.Pass(t.Context())
			defer leave()
			passed <- ctx.Err()
		}()
		synctest.Wait()
		select {
		case err := <-passed:
			t.Fatal("a shut gate was passed", err)
		default:
		}
		g.Open()
		if err := <-passed; err != nil {
			t.Error("who waited is sent back")
		}
		over, cancel := context.WithCancel(t.Context())
		g.Shut()
		cancel()
		if ctx, leave := g.Pass(over); ctx.Err() == nil {
			t.Error("whose context has ended passes")
		} else {
			leave()
		}
		g.Open()
		begun := make(chan error)
		wait := func(until func(context.Context) error) {
			go func() { begun <- until(t.Context()) }()
			synctest.Wait()
			select {
			case err := <-begun:
				t.Fatal("it waits for nothing", err)
			default:
			}
		}
		wait(g.Begun)
		_, leave = g.Pass(t.Context())
		g.Begin()
		if err := <-begun; err != nil || g.Begun(t.Context()) != nil {
			t.Error("who is at work has not begun")
		}
		g.Shut()
		wait(g.Still)
		leave()
		if err := <-begun; err != nil || g.Still(t.Context()) != nil {
			t.Error("nobody fetches, and it is not still")
		}
		g.Begin() // one that passed before
		wait(g.Begun)
		g.Open()
		g.Begin()
		if err := <-begun; err != nil {
			t.Error("who began again has not begun")
		}
		var none *bus.Gate
		none.Begin()
		ctx, leave = none.Pass(t.Context())
		if ctx.Err() != nil || none.IsShut() {
			t.Error("no gate is shut")
		}
		leave()
	})
}
