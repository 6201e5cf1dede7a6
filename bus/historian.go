package bus

import (
	"context"
	"time"
)

// Historian is a bus that knows how its stations and consumers were at earlier times: a recording.
type Historian interface {
	// History hands out how they were, oldest first, until there is no more or yield returns false.
	History(ctx context.Context, yield func(Figures) bool) error
}

// Figures are what a bus told of all its stations and consumers at one time.
type Figures struct {
	Time      time.Time
	Stations  []Station
	Consumers []Consumer
}
