// Package actions is what can be done to the station or the consumer that is chosen or open: the levers of its bus, and
// reading a station from another place. What destroys something is confirmed first.
package actions

import "signalbox/ui/deck/component"

// Keys are those of all actions.
func Keys() []component.Key {
	return []component.Key{
		{Names: []string{"c"}, Label: "c", Short: "cancel", Help: "cancel this station's backfill: go on from new",
			Group: component.GroupAct, Rank: component.RankRow, Where: canCancel, Do: cancelBackfill},
		{Names: []string{"x"}, Label: "x", Short: "levers", Help: "levers: what can be done to a station or a consumer",
			Group: component.GroupAct, Rank: component.RankSend, Sends: true, Where: hasLevers, Do: openLevers},
		{Names: []string{"F", "shift+f"}, Label: "F", Short: "from", Help: "read this station from another place",
			Group: component.GroupAct, Rank: component.RankAsk, Where: canMove, Do: openFrom},
	}
}
