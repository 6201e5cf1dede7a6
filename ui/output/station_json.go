package output

import "signalbox/bus"

// StationLine is a station as JSON.
type StationLine struct {
	Bus        string            `json:"bus"`
	Name       string            `json:"name"`
	Kind       bus.Kind          `json:"kind"`
	Replayable bool              `json:"replayable"`
	Readable   bool              `json:"readable"`
	Reading    string            `json:"reading,omitempty"` // how it is read, or why it is not
	Messages   uint64            `json:"messages"`
	Bytes      uint64            `json:"bytes"`
	First      any               `json:"first,omitempty"`
	Last       any               `json:"last,omitempty"`
	Subjects   []string          `json:"subjects,omitempty"`
	Consumers  *int              `json:"consumers,omitempty"` // missing when unknown
	Details    map[string]string `json:"details,omitempty"`

	BySubject    map[string]uint64 `json:"by_subject,omitempty"`    // messages, of the subjects that have the most
	MoreSubjects int               `json:"more_subjects,omitempty"` // that are not in BySubject
}

// StationJSON is a station of the bus of that name.
func StationJSON(busName string, s bus.Station) StationLine {
	line := StationLine{
		Bus: busName, Name: s.Name, Kind: s.Kind, Replayable: s.Replayable, Readable: s.Readable, Reading: s.Reading,
		Messages: s.Messages, Bytes: s.Bytes, First: s.Positions.JSON(s.First), Last: s.Positions.JSON(s.Last),
		Subjects: s.Subjects, Details: detailsJSON(s.Details),
		MoreSubjects: s.MoreSubjects,
	}
	for _, c := range s.BySubject {
		if line.BySubject == nil {
			line.BySubject = make(map[string]uint64, len(s.BySubject))
		}
		line.BySubject[c.Subject] = c.Messages
	}
	if s.Consumers >= 0 {
		line.Consumers = &s.Consumers
	}
	return line
}
