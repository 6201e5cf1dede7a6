package clients

import (
	"fmt"
	"testing"
	"time"
)

// However many clients come, and whatever they call themselves, only so many are remembered: those that were heard of last.
func TestClientsAreBounded(t *testing.T) {
	l := New(nil)
	at := time.Unix(1, 0)
	for i := range mostClients + 50 {
		l.Produced("election", fmt.Sprintf("voter-%d", i), at.Add(time.Duration(i)))
		l.hear(memberComes, fmt.Appendf(nil, `{"name":"m-%d","station_name":"Election","consumers_group":"G.one"}`, i), at.Add(time.Duration(i)))
	}
	for what, all := range map[string][]Client{"producers": l.Producers("election"), "members": l.Members("election", "g.one")} {
		if len(all) != mostClients || !all[0].When.Equal(at.Add(50)) {
			t.Errorf("%d %s, the first from %s", len(all), what, all[0].When)
		}
	}
	l.Produced("election", "voter-249", at) // an older message of one that is known
	if all := l.Producers("election"); !all[len(all)-1].When.Equal(at.Add(249)) {
		t.Errorf("what is older made %+v the last", all[len(all)-1])
	}
	for i := range mostPlaces + 50 {
		l.Produced(fmt.Sprintf("s-%d", i), "voter", at)
	}
	if len(l.producers) > mostPlaces {
		t.Errorf("producers of %d stations are remembered", len(l.producers))
	}
}

func FuzzHear(f *testing.F) {
	f.Add(`{"name":"esdb-1","station_name":"election","connection_id":"c","consumers_group":"esdb.workers","max_ack_time_ms":5000}`)
	f.Add(`{"name":7}`)
	f.Add(`[]`)
	f.Add("\x00")
	f.Fuzz(func(t *testing.T, text string) {
		l := New(nil)
		for _, subject := range []string{producerComes, memberComes} {
			l.hear(subject, []byte(text), time.Unix(1, 0))
		}
		for of, members := range l.members {
			for name := range members {
				if len(name) > longestName*3 || len(of.name) > longestName*3 || name == "" || of.name == "" || of.station == "" {
					t.Errorf("%q of the group %q of %q is remembered", name, of.name, of.station)
				}
			}
		}
		for _, subject := range []string{producerGoes, memberGoes} {
			l.hear(subject, []byte(text), time.Unix(2, 0))
		}
		for of, members := range l.members {
			if len(members) > 0 {
				t.Errorf("who came to %+v has not gone: %v", of, members)
			}
		}
	})
}
