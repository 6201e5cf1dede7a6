// Package names turns the names that users of Memphis know into those that its server gives to streams, subjects and
// consumers of NATS, and back. Station "Orders.EU" is "orders.eu" in Memphis, which knows no capitals; each of its partitions
// is a stream, "orders#eu$1". Before Memphis 1.0 a station was one stream, "orders#eu", without partitions: here that is
// partition 0. It holds no state; any goroutine may call it.
package names

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"signalbox/bus"
)

// What Memphis has in its names.
const (
	delimiter   = "."        // in those of users
	replacement = "#"        // instead, in those of streams and consumers
	partition   = "$"        // before the number of a partition
	final       = ".final"   // after the name of a stream: the subject on which its groups' messages come
	system      = "$memphis" // before names of Memphis's own
)

// Station is a station's name as Memphis writes it, whatever a user wrote.
func Station(text string) string {
	return strings.ToLower(strings.ReplaceAll(text, replacement, delimiter))
}

// Stream is the stream of a partition of a station. Partition 0 is the only stream of a station that has no partitions.
func Stream(station string, number int) string {
	name := internal(station)
	if number > 0 {
		name += partition + strconv.Itoa(number)
	}
	return name
}

// internal is a name of a user as streams, consumers and subjects have it.
func internal(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), delimiter, replacement)
}

// Internal is a station's or a group's name as it stands in subjects of Memphis: "orders#eu".
func Internal(name string) string { return internal(name) }

// OfStream tells which partition of which station a stream is. ok is false for one that is no station's: that has a name of
// Memphis's own, or one that no station can have.
func OfStream(stream string) (station string, number int, ok bool) {
	name, digits, parted := strings.Cut(stream, partition)
	if parted {
		var err error
		if number, err = strconv.Atoi(digits); err != nil || number < 1 || strconv.Itoa(number) != digits {
			return "", 0, false
		}
	}
	if name == "" || name != strings.ToLower(name) || strings.ContainsAny(name, delimiter+" *>") {
		return "", 0, false
	}
	return Station(name), number, true
}

// Final is the subject of a stream on which messages are given to groups.
func Final(stream string) string { return stream + final }

// Shown is a subject of a station's stream as users know it: the station's name, with what stands behind it unless that is
// where all messages come.
func Shown(subject string) string {
	stream, rest, _ := strings.Cut(subject, delimiter)
	station, _, ok := OfStream(stream)
	switch {
	case !ok:
		return subject
	case delimiter+rest == final:
		return station
	default:
		return station + delimiter + rest
	}
}

// OnWire is the subject on the stream of a station that is shown as another.
func OnWire(stream, station, shown string) string {
	rest, ok := strings.CutPrefix(shown, station+delimiter)
	if !ok {
		return Final(stream)
	}
	return stream + delimiter + rest
}

// Group is the name of the consumer group whose consumer has a name.
func Group(consumer string) string { return strings.ReplaceAll(consumer, replacement, delimiter) }

// Consumer is the name of a group's consumer on each partition.
func Consumer(group string) string { return internal(group) }

// System tells whether a stream or a consumer is Memphis's own.
func System(name string) bool { return strings.HasPrefix(name, system) }

// Place is where a message stands in a station of so many partitions. With one partition, or none, positions are the
// sequences of its stream; with several, those of a partition's stream are what is written behind its number.
func Place(partitions, number int, sequence uint64) bus.Position {
	if partitions < 2 || sequence == 0 {
		return bus.Position{Major: sequence}
	}
	return bus.Position{Partition: uint32(number), Major: sequence + 1}
}

// Sequence is the partition and the sequence in its stream of a position; only is the number of the only partition of a station
// that has no more than one.
func Sequence(partitions, only int, at bus.Position) (number int, sequence uint64) {
	if partitions < 2 {
		return only, at.Major
	}
	return int(at.Partition), max(at.Major, 1) - 1
}

// Lower is the name of a producer, a member or a group as Memphis writes it.
func Lower(name string) string { return strings.ToLower(name) }

var streams = regexp.MustCompile(`[^\s.:,;"'()$]+\$[1-9][0-9]*`)

// InText puts the names of stations in the place of those of their streams, in a text that tells of them.
func InText(text string) string {
	return streams.ReplaceAllStringFunc(text, func(stream string) string {
		station, _, ok := OfStream(stream)
		if !ok {
			return stream
		}
		return station
	})
}

// Possible tells whether a station may have a name, in any case of its letters.
func Possible(name string) bool { return possible.MatchString(name) }

var possible = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_.#-]*[A-Za-z0-9])?$`)

// Error is an error that tells of stations where another tells of their streams. It wraps that; lines that are the same then
// are one.
func Error(err error) error {
	if err == nil {
		return nil
	}
	lines := strings.Split(InText(err.Error()), "\n")
	return Reworded(err, strings.Join(slices.Compact(lines), "\n"))
}

// Reworded is an error in other words.
func Reworded(err error, text string) error { return &rewordedError{text, err} }

type rewordedError struct {
	text string
	err  error
}

func (e *rewordedError) Error() string { return e.text }
func (e *rewordedError) Unwrap() error { return e.err }
