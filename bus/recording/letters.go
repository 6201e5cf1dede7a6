package recording

import (
	"cmp"
	"context"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/bus/recording/internal/content"
)

// letters writes down what is another about the dead letters of a bus: with the message of each once, masked.
func (r *Recorder) letters(info bus.Info, list []bus.DeadLetter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, known := r.buses[info.Name+"\x00"+info.URL]
	if !known {
		return // nothing of it is read
	}
	before, first := r.dead[b], r.dead[b] == nil
	now := make(map[content.LetterKey]bus.DeadLetter, len(list))
	var n content.Letters
	for i := range list {
		bare := list[i]
		bare.Message = nil
		key := content.KeyOf(&bare)
		now[key] = bare
		if was, there := before[key]; !there || was != bare {
			n.Listed = append(n.Listed, r.masking(list[i], there))
		}
	}
	for key := range before {
		if _, there := now[key]; !there {
			n.Gone = append(n.Gone, key)
		}
	}
	r.dead[b] = now
	if first || len(n.Listed) > 0 || len(n.Gone) > 0 {
		r.noted(&content.Note{Time: time.Now(), Bus: b, Letters: &n})
	}
}

// masking is a dead letter as it may come to the disk; again says that its message is there already.
func (r *Recorder) masking(l bus.DeadLetter, again bool) bus.DeadLetter {
	if again || l.Message == nil {
		l.Message = nil
		return l
	}
	m := *l.Message
	m.Headers = slices.Clone(m.Headers)
	r.rules.Message(&m)
	l.Message = &m
	return l
}

// DeadLetters implements bus.DeadLetterLister: as they were at the end, or at the time up to which the recording was played.
func (b *Bus) DeadLetters(context.Context) ([]bus.DeadLetter, error) {
	all := map[int]map[content.LetterKey]bus.DeadLetter{}
	for _, n := range b.lettersTold() {
		if n.Time.UnixNano() > b.until || b.player != nil && n.Time.After(b.player.now()) {
			break
		}
		of := all[n.Bus]
		if of == nil {
			of = map[content.LetterKey]bus.DeadLetter{}
			all[n.Bus] = of
		}
		for _, l := range n.Letters.Listed {
			key := content.KeyOf(&l)
			if l.Message == nil {
				l.Message = of[key].Message
			}
			of[key] = l
		}
		for _, key := range n.Letters.Gone {
			delete(of, key)
		}
	}
	var list []bus.DeadLetter
	for of, letters := range all {
		for _, l := range letters {
			l.Station = b.called(of, l.Station)
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(x, y bus.DeadLetter) int {
		return cmp.Or(cmp.Compare(x.UnixNano, y.UnixNano), cmp.Compare(x.Station, y.Station), cmp.Compare(x.Consumer, y.Consumer),
			cmp.Compare(x.Position.Major, y.Position.Major), cmp.Compare(x.Position.Minor, y.Position.Minor))
	})
	return list, nil
}

// lettersTold are the notes about dead letters, which are read once.
func (b *Bus) lettersTold() []*content.Note {
	b.lettersRead.Do(func() {
		_ = b.eachNote(context.Background(), false, func(n *content.Note) bool { // what is damaged is told
			if n.Letters != nil {
				b.letters = append(b.letters, n)
			}
			return true
		})
	})
	return b.letters
}
