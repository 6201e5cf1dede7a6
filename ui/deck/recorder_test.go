package deck

import (
	"errors"
	"testing"
	"time"
)

// tape is a recorder whose counts a test says.
type tape struct {
	on       bool
	messages uint64
	failed   error
	marks    []string
}

func (r *tape) Begin() (string, error) { r.on = true; return "recording to monday.sbx", nil }

func (r *tape) End() (string, error) {
	r.on = false
	return "recorded 1,284 messages in monday.sbx", nil
}

func (r *tape) Recorded() (uint64, bool, error) { return r.messages, r.on, r.failed }

func (r *tape) Mark(_ time.Time, name string) { r.marks = append(r.marks, name) }

// A key begins a recording, which the header shows with what is in it, and ends it; marks go there, too.
func TestRecording(t *testing.T) {
	r := &tape{messages: 1284}
	s := drive(t, demo(), 160, 36, func(o *Options) { o.Recorder = r })
	s.hides("rec 1,284")
	s.key("ctrl+r").shows("recording to monday.sbx", "● rec 1,284")
	s.key(":").write("mark deploy").key("enter")
	if len(r.marks) != 1 || r.marks[0] != "deploy" {
		t.Errorf("marks %q", r.marks)
	}
	r.failed = errors.New("no space left on device")
	s.send(snapshotMsg{})
	s.shows("not recorded: no space left")
	r.failed = nil
	s.key("ctrl+r").shows("recorded 1,284 messages")
	s.hides("● rec")
}

// Without anything that records the key says so; the marks of a recording that is shown are on the time line.
func TestNoRecorder(t *testing.T) {
	s := drive(t, demo(), 120, 36, func(o *Options) { o.Marks = []Moment{{At: noon, Text: "deploy"}} })
	s.key("ctrl+r").shows("nothing can be recorded here")
	if all := s.model.Marks.All(); len(all) != 1 || all[0].Text != "deploy" {
		t.Errorf("marks %+v", all)
	}
}
