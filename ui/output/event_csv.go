package output

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// csvHeading are the columns of events as comma-separated values.
var csvHeading = []string{"time", "bus", "station", "subject", "position", "type", "kind", "id", "version", "rejected", "problem", "headers", "data"}

// CSVHeading is the line above all others.
func CSVHeading() string { return strings.Join(csvHeading, ",") + "\n" }

// EventCSV makes a form of events as lines of comma-separated values, as RFC 4180 has them. It belongs to one goroutine.
func EventCSV() func(to []byte, e *sources.Event) []byte {
	var line bytes.Buffer
	w := csv.NewWriter(&line)
	return func(to []byte, e *sources.Event) []byte {
		line.Reset()
		headers := ""
		if len(e.Headers) > 0 {
			text, _ := json.Marshal(OutgoingJSON(bus.Outgoing{Headers: e.Headers}).Headers) // texts
			headers = string(text)
		}
		version := ""
		if e.Version > 0 {
			version = strconv.FormatUint(e.Version, 10)
		}
		entity := e.Entity()
		row := []string{time.Unix(0, e.UnixNano).UTC().Format(time.RFC3339Nano), e.Bus, e.Station, e.Subject,
			e.StationTraits().Positions.Format(e.Position), e.Type, entity.Kind, entity.ID, version, e.Rejected, e.Problem, headers, string(e.Data)}
		for i := range row {
			row[i] = screen.Clean(row[i])
		}
		_ = w.Write(row) // to memory
		w.Flush()
		return append(to, line.Bytes()...)
	}
}
