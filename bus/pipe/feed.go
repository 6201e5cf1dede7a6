package pipe

import "signalbox/bus/backlog"

// feed is what waits for who reads the station.
type feed struct{ *backlog.Queue }

// Close implements bus.Feed.
func (f *feed) Close() error {
	f.Queue.Close()
	return nil
}

func (f *feed) isClosed() bool {
	select {
	case <-f.Closed():
		return true
	default:
		return false
	}
}
