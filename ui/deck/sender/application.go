package sender

import (
	"errors"

	"signalbox/bus"
)

// ApplicationFor is the application that a URL belongs to, where it may be posted to; else why not.
func (s *Sender) ApplicationFor(url string) (bus.Bus, error) {
	switch {
	case s.ReadOnly:
		return nil, errors.New("this session is read-only")
	case s.Application == nil:
		return nil, errors.New("nothing is posted from here")
	}
	app, err := s.Application(url)
	if err != nil {
		return nil, err
	}
	if armed, why := s.Permit(app); !armed {
		return nil, errors.New(why)
	}
	return app, nil
}
