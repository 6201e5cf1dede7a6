package scenarios

import "signalbox/sources"

// ParseFilter reads a filter of the events pane; "" gives nil, which wants every event.
func ParseFilter(text string) (sources.EventFilter, error) { return nil, nil }

// ParseEntityFilter reads a filter of the entities pane; "" gives nil, which wants every entity.
func ParseEntityFilter(text string) (sources.EntityFilter, error) { return nil, nil }
