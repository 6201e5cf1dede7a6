package natsbus_test

import (
	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// What a bus can do besides what the suite exercises.
var (
	_ bus.Tracker          = (*natsbus.Bus)(nil)
	_ bus.DeadLetterLister = (*natsbus.Bus)(nil)
	_ bus.Operator         = (*natsbus.Bus)(nil)
	_ bus.Examiner         = (*natsbus.Bus)(nil)
)
