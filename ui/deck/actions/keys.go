// Package actions is what can be done to the station or the consumer that is chosen or open: the levers of its bus, and
// reading a station from another place. What destroys something is confirmed first.
package actions

import "signalbox/ui/deck/component"

// Keys are those of all actions.
func Keys() []component.Key {
	const catchingUp, keeping = "a station that is catching up", "a station that keeps its messages"
	onStation := component.Is[component.StationHolder]
	onEither := func(x any) bool { return onStation(x) || component.Is[component.ConsumerHolder](x) }
	return []component.Key{
		{Names: []string{"c"}, Short: "cancel", Help: "cancel this station's backfill: go on from new", Rank: component.RankRow,
			For: onStation, Where: canCancel, Needs: catchingUp, Do: cancelBackfill},
		{Names: []string{"x"}, Short: "levers", Help: "levers: what can be done to a station or a consumer", Rank: component.RankSend,
			Sends: true, For: onEither, Where: hasLevers, Needs: "a station or consumer of a bus that is armed and has levers", Do: openLevers},
		{Names: []string{"F", "shift+f"}, Short: "from", Help: "read this station from another place", Rank: component.RankAsk,
			For: onStation, Where: canMove, Needs: keeping, Do: openFrom},
	}
}
