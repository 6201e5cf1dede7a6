package diagnosis

import (
	"testing"
	"time"

	"signalbox/bus"
)

func TestDiagnosis(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	at := func(n uint64) bus.Position { return bus.Position{Major: n} }
	for name, c := range map[string]struct {
		polls []bus.Consumer // 2 s apart
		word  string
		text  string
	}{
		"keeping up":          {[]bus.Consumer{{Waiting: 1}}, "ok", "keeping up"},
		"idle with nobody":    {[]bus.Consumer{{}, {}, {}, {}, {}, {}, {}}, "ok", "keeping up"},
		"unknown":             {[]bus.Consumer{{Lag: -1, Unacked: -1, Redelivered: -1, Waiting: -1}}, "ok", "keeping up"},
		"a lag of a moment":   {[]bus.Consumer{{Delivered: at(100)}, {Lag: 50, Delivered: at(2000)}, {Lag: 0, Delivered: at(4000)}}, "ok", "keeping up"},
		"a lag that begins":   {[]bus.Consumer{{Delivered: at(100)}, {Lag: 1, Delivered: at(200)}}, "ok", "keeping up"},
		"catching up":         {[]bus.Consumer{{Lag: 1000, Delivered: at(1)}, {Lag: 900, Delivered: at(101)}}, "behind", "behind, caught up in 18 s"},
		"falling further":     {[]bus.Consumer{{Lag: 900, Delivered: at(1)}, {Lag: 1000, Delivered: at(101)}}, "behind", "behind, and falling further"},
		"not catching up":     {[]bus.Consumer{{Lag: 900, Delivered: at(1)}, {Lag: 900, Delivered: at(101)}}, "behind", "behind, and not catching up"},
		"stuck":               {[]bus.Consumer{{Lag: 9, Unacked: 3}, {Lag: 9, Unacked: 3}, {Lag: 9, Unacked: 3}, {Lag: 9, Unacked: 3}, {Lag: 9, Unacked: 3}, {Lag: 9, Unacked: 3}}, "stuck", "stuck: nobody is pulling, 9 waiting, 3 unacknowledged"},
		"stuck for long":      {[]bus.Consumer{{Lag: 9, LastActive: start.Add(-time.Minute)}}, "stuck", "stuck: nobody is pulling, 9 waiting"},
		"stuck push":          {[]bus.Consumer{{Lag: 9, Push: true, LastActive: start.Add(-time.Minute)}}, "stuck", "stuck: nobody takes what is pushed, 9 waiting"},
		"ack limit":           {[]bus.Consumer{{Lag: 9, Waiting: 1, Unacked: 5, AckLimit: 5}}, "full", "ack limit reached (5)"},
		"redelivering":        {[]bus.Consumer{{Waiting: 1, Unacked: 2, Redelivered: 2}}, "redelivering", "redelivering 2 messages"},
		"one of many":         {[]bus.Consumer{{Waiting: 1, Unacked: 3, Redelivered: 1, Pending: []bus.Pending{{Position: at(7), Deliveries: -1}}}}, "redelivering", "redelivering 1 message"},
		"the only one":        {[]bus.Consumer{{Waiting: 1, Unacked: 1, Redelivered: 1, Pending: []bus.Pending{{Position: at(7), Deliveries: -1}}}}, "redelivering", "redelivering #7"},
		"each one":            {[]bus.Consumer{{Waiting: 1, Unacked: 3, Redelivered: 3, Pending: []bus.Pending{{Position: at(7), Deliveries: -1}}}}, "redelivering", "redelivering #7 and 2 more"},
		"again or given up":   {[]bus.Consumer{{Waiting: 1, Unacked: 3, Redelivered: 1, MaxDeliver: 4, AtLeast: true}}, "redelivering", "1 message redelivered, or given up"},
		"some given up":       {[]bus.Consumer{{Waiting: 1, GivenUp: 2, MaxDeliver: 4}}, "given up", "keeping up, 2 given up"},
		"at least given up":   {[]bus.Consumer{{Waiting: 1, GivenUp: 2, MaxDeliver: 4, AtLeast: true}}, "given up", "keeping up, at least 2 given up"},
		"some terminated":     {[]bus.Consumer{{Waiting: 1, Terminated: 1}}, "terminated", "keeping up, 1 terminated"},
		"dead in both ways":   {[]bus.Consumer{{Waiting: 1, GivenUp: 2, MaxDeliver: 4, Terminated: 1}}, "given up", "keeping up, 2 given up, 1 terminated"},
		"both":                {[]bus.Consumer{{Waiting: 1, Unacked: 3, Redelivered: 1, GivenUp: 2, MaxDeliver: 4}}, "redelivering", "redelivering 1 message, 2 given up"},
		"worse than given up": {[]bus.Consumer{{Lag: 900, GivenUp: 2, Delivered: at(1)}, {Lag: 1000, GivenUp: 2, Delivered: at(101)}}, "behind", "behind, and falling further, 2 given up"},
		"the last delivery":   {[]bus.Consumer{{Waiting: 1, Unacked: 1, MaxDeliver: 4, Pending: []bus.Pending{{Position: at(7), Deliveries: 4}}}}, "redelivering", "redelivering #7 for the 3rd and last time"},
		"one redelivered":     {[]bus.Consumer{{Waiting: 1, Unacked: 2, Redelivered: 1, MaxDeliver: 9, Pending: []bus.Pending{{Position: at(7), Deliveries: 1}, {Position: at(8), Deliveries: 4}}}}, "redelivering", "redelivering #8 for the 3rd time"},
		"an old entry":        {[]bus.Consumer{{Kind: "group", Positions: bus.TimedIDs, Waiting: -1, Unacked: 1, Pending: []bus.Pending{{Position: at(17), Deliveries: 9}}}}, "redelivering", "redelivering entry 17-0 for the 8th time"},
		"a member that left":  {[]bus.Consumer{{Kind: "group", Waiting: -1, Unacked: 14, Members: []bus.Member{{Name: "billing-1", Pending: 90}, {Name: "billing-2", Pending: 14, Idle: time.Hour}}}}, "stuck", "member billing-2 is gone with 14 pending"},
		"nobody listens":      {[]bus.Consumer{{Kind: "subscribers"}}, "alone", "nobody listens"},
		"another session":     {[]bus.Consumer{{Kind: "subscribers", Lag: -1, Waiting: 2, Sessions: 2}}, "alone", "nobody listens but other sessions of signalbox"},
		"somebody listens":    {[]bus.Consumer{{Kind: "subscribers", Lag: -1, Waiting: 2, Sessions: 1}}, "listening", "how far they are cannot be known"},
		"paused":              {[]bus.Consumer{{Lag: 9, PausedUntil: start.Add(5 * time.Minute), LastActive: start.Add(-time.Hour)}}, "paused", "paused for another 5 min"},
		"never served":        {[]bus.Consumer{{Lag: 9, Created: start.Add(-time.Minute)}}, "stuck", "stuck: nobody is pulling, 9 waiting"},
		"new after a lull":    {[]bus.Consumer{{LastActive: start.Add(-time.Hour)}, {Lag: 9, LastActive: start.Add(-time.Hour)}}, "behind", "behind, and falling further"},
		"served all the time": {[]bus.Consumer{{Unacked: 1, LastActive: start}, {Unacked: 1}, {Unacked: 1}, {Unacked: 1}, {Unacked: 1}, {Unacked: 1}, {Unacked: 1, LastActive: start.Add(time.Second)}}, "ok", "keeping up"},
		"stuck is not a lull": {[]bus.Consumer{{Lag: 9}, {Lag: 9}}, "behind", "behind, and not catching up"},
	} {
		var who consumer
		var row Row
		for i, x := range c.polls {
			row = who.follow("b", x, start.Add(time.Duration(i)*2*time.Second))
		}
		if d := row.Diagnosis; d.Word != c.word || row.Text() != c.text {
			t.Errorf("%s: %+v, %q, want %s: %s", name, d, row.Text(), c.word, c.text)
		}
	}
}

func TestOrdinal(t *testing.T) {
	for n, want := range map[int64]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 102: "102nd", 111: "111th"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "1 s", 40 * time.Second: "40 s", 3 * time.Minute: "3 min", 5 * time.Hour: "5 h", 72 * time.Hour: "3 days",
	} {
		if got := roughly(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
