package terminal

import "github.com/charmbracelet/x/term"

// Settings are how terminals were set: whether they show what is typed, and more, by descriptor.
type Settings map[uintptr]*term.State

// Note notes the settings of those streams that are terminals.
func Note(streams ...any) Settings {
	all := Settings{}
	for _, stream := range streams {
		file, ok := stream.(interface{ Fd() uintptr })
		if !ok {
			continue
		}
		if state, err := term.GetState(file.Fd()); err == nil {
			all[file.Fd()] = state
		}
	}
	return all
}

// Restore sets the terminals as they were.
func (s Settings) Restore() {
	for fd, state := range s {
		_ = term.Restore(fd, state)
	}
}

// RestoreLast sets the terminals as they were when the process is about to end: whoever still is about to set them, or to
// write to them by the descriptors that were noted, finds them gone.
func (s Settings) RestoreLast() {
	for fd, state := range s {
		own, _ := takeAway(fd)
		_ = term.Restore(own, state)
	}
}
