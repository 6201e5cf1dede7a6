package deadletters

import (
	"encoding/json"
	"testing"

	"signalbox/bus"
)

// whole is what Memphis 1.4.4 says of a message that was given up.
const whole = `{"type":"io.nats.jetstream.advisory.v1.max_deliver","id":"8JJduf9usfzyVY5HxxXDxj","timestamp":"2026-11-22T15:42:24.547984978Z","stream":"lt1$1","consumer":"od","stream_seq":4,"deliveries":2,"account":"$memphis","headers":"TkFUUy8xLjANCiRtZW1waGlzX2Nvbm5lY3Rpb25JZDogMjg1MDhiYzctMWU3Mi00MWJkLWIxMDAtMDA2MDhjZDJhNDBlDQokbWVtcGhpc19wcm9kdWNlZEJ5OiB2b3Rlci0zZjI1DQpFdmVudC1UeXBlOiBQaG90b1ZvdGUuRXZlbnQuVm90ZXIuVm90ZXJSZWdpc3RlcmVkDQoNCg==","data":"eyJpZCI6Im0wIiwidm90ZXJfaWQiOiJ2MCIsImVsZWN0aW9uX2lkIjoiZTEiLCJuYW1lIjoiQWRhIiwiZW1haWwiOiJhMEB4In0=","time_sent":1795362140543937635}`

// A message that comes along with an advisory is known, though its stream may have it no more.
func TestMessageOfAdvice(t *testing.T) {
	var x advice
	if err := json.Unmarshal([]byte(whole), &x); err != nil {
		t.Fatal(err)
	}
	m := x.message()
	if m == nil || string(m.Data) != `{"id":"m0","voter_id":"v0","election_id":"e1","name":"Ada","email":"a0@x"}` || m.Headers.Get("Event-Type") != "PhotoVote.Event.Voter.VoterRegistered" ||
		m.UnixNano != 1795362140543937635 || m.Position != (bus.Position{Major: 4}) {
		t.Errorf("message %+v", m)
	}
	if m := (&advice{Sequence: 4}).message(); m != nil {
		t.Errorf("of an advisory without a message: %+v", m)
	}
}

// Whatever comes as an advisory is taken in or let go.
func FuzzAdvice(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(`{"stream":"a","consumer":"b","headers":"TkFUUy8xLjA=","data":""}`))
	f.Add([]byte(`{"stream":"a","consumer":"b","headers":"!","data":"eA=="}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var x advice
		if json.Unmarshal(data, &x) != nil {
			return
		}
		if m := x.message(); m != nil && m.Size != len(m.Data) {
			t.Errorf("%q has a message of %d bytes, and %d are here", data, m.Size, len(m.Data))
		}
	})
}
