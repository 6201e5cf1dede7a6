package store

import (
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/packed"
)

// dictionary numbers the types of events, from 1, as many as fit into 16 bits. A type beyond them has number 0.
type dictionary struct {
	numbers map[string]uint16
	names   []string
	full    func() // called once, when a type finds no place; may be nil
}

// MostTypes bounds the dictionary. A bus on which every message has a type of its own must not fill the memory with them.
const MostTypes = 1 << 13

func (d *dictionary) number(name string) uint16 {
	if name == "" {
		return 0
	}
	if n, ok := d.numbers[name]; ok {
		return n
	}
	if len(name) > entities.MostID {
		return 0
	}
	if len(d.names) == MostTypes {
		if d.full != nil {
			d.full()
			d.full = nil
		}
		return 0
	}
	name = packed.Clone(name)
	d.names = append(d.names, name)
	n := uint16(len(d.names))
	d.numbers[name] = n
	return n
}

// name is the type with a number.
func (d *dictionary) name(number uint16) string {
	if number == 0 {
		return ""
	}
	return d.names[number-1]
}
