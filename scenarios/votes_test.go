package scenarios

import (
	"testing"

	"signalbox/bus"
	"signalbox/sources"
)

// vote sends an event of an election as PhotoVote does: its type is in a header.
func (w *world) vote(kind, payload string) *sources.Event {
	w.t.Helper()
	return w.send("election", payload, bus.Header{Name: "Event-Type", Value: "PhotoVote.Event." + kind})
}

// begun has an election with a competition, two candidates, a voter and a ballot.
func begun(t *testing.T) *world {
	w := newWorld(t)
	w.wantEvent(w.vote("Election.ElectionCreated", `{"id":"1","election_id":"e-1","name":"Photos","description":"Best of"}`), "ElectionCreated", "", "")
	w.wantEvent(w.vote("Competition.CompetitionAdded", `{"id":"2","competition_id":"c-1","election_id":"e-1","name":"Land","description":"Land and sky"}`), "CompetitionAdded", "", "")
	w.wantEvent(w.vote("Candidate.CandidateAdded", `{"id":"3","candidate_id":"k-1","competition_id":"c-1","election_id":"e-1","name":"Fog","description":"Dawn","image_url":"u","image_caption":"c"}`), "CandidateAdded", "", "")
	w.wantEvent(w.vote("Voter.VoterRegistered", `{"id":"4","voter_id":"v-1","election_id":"e-1","name":"Ada","email":"ada@example.com"}`), "VoterRegistered", "", "")
	w.wantEvent(w.vote("Ballot.BallotCreated", `{"id":"5","ballot_id":"b-19","voter_id":"v-1","election_id":"e-1"}`), "BallotCreated", "", "")
	return w
}

const begunState = `{"id":"e-1","name":"Photos","description":"Best of","status":"created",
	"competitions":{"c-1":{"name":"Land","description":"Land and sky","candidates":{"k-1":{"name":"Fog","description":"Dawn","image_url":"u","image_caption":"c"}}}},
	"voters":{"v-1":{"name":"Ada","email":"ada@example.com","ballot":"b-19"}},
	"emails":{"ada@example.com":"v-1"},
	"ballots":{"b-19":{"voter_id":"v-1"}}}`

func TestVotesFold(t *testing.T) {
	w := begun(t)
	w.want("election", "e-1", 5, begunState)
	w.wantEvent(w.vote("Election.NameChanged", `{"id":"6","election_id":"e-1","name":"Pictures"}`), "ElectionNameChanged", "", "")
	w.wantEvent(w.vote("Competition.NameChanged", `{"id":"7","competition_id":"c-1","election_id":"e-1","name":"Sea"}`), "CompetitionNameChanged", "", "")
	w.wantEvent(w.vote("Candidate.ImageChanged", `{"id":"8","candidate_id":"k-1","competition_id":"c-1","election_id":"e-1","image_url":"v","image_caption":"d"}`), "CandidateImageChanged", "", "")
	w.wantEvent(w.vote("Election.ElectionOpened", `{"id":"9","election_id":"e-1","open_date":"2026-11-20"}`), "ElectionOpened", "", "")
	w.wantEvent(w.vote("Ballot.BallotCandidateRated", `{"id":"10","ballot_id":"b-19","election_id":"e-1","competition_id":"c-1","candidate_id":"k-1","rating":5}`), "BallotCandidateRated", "", "")
	e := w.vote("Ballot.BallotCast", `{"id":"11","ballot_id":"b-19"}`) // names its ballot only
	w.wantEvent(e, "BallotCast", "", "")
	if e.ID != "e-1" || e.Version != 11 {
		t.Errorf("the ballot was cast in %s, version %d; want e-1, 11", e.ID, e.Version)
	}
	w.want("election", "e-1", 11, `{"id":"e-1","name":"Pictures","description":"Best of","status":"opened","open_date":"2026-11-20",
		"competitions":{"c-1":{"name":"Sea","description":"Land and sky","candidates":{"k-1":{"name":"Fog","description":"Dawn","image_url":"v","image_caption":"d"}}}},
		"voters":{"v-1":{"name":"Ada","email":"ada@example.com","ballot":"b-19"}},
		"emails":{"ada@example.com":"v-1"},
		"ballots":{"b-19":{"voter_id":"v-1","cast":true,"ratings":{"c-1":{"k-1":5}}}}}`)
}

func TestVotesRefusals(t *testing.T) {
	const (
		cast    = "Ballot has already been cast"
		deleted = "Aggregate has been deleted"
	)
	rate := func(rating string) [2]string {
		return [2]string{"Ballot.BallotCandidateRated", `{"ballot_id":"b-19","election_id":"e-1","competition_id":"c-1","candidate_id":"k-1","rating":` + rating + `}`}
	}
	castIt := [2]string{"Ballot.BallotCast", `{"ballot_id":"b-19"}`}
	deleteIt := [2]string{"Election.ElectionDeleted", `{"election_id":"e-1"}`}
	for name, c := range map[string]struct {
		events   [][2]string
		rejected string
	}{
		"rating 0":               {[][2]string{rate("0")}, "A rating is from 1 to 5"},
		"rating 6":               {[][2]string{rate("6")}, "A rating is from 1 to 5"},
		"rating 1":               {[][2]string{rate("1")}, ""},
		"rating 5 as text":       {[][2]string{rate(`"5"`)}, ""},
		"rated after casting":    {[][2]string{castIt, rate("3")}, cast},
		"cast twice":             {[][2]string{castIt, castIt}, cast},
		"deleted twice":          {[][2]string{deleteIt, deleteIt}, deleted},
		"rated after deletion":   {[][2]string{deleteIt, rate("3")}, deleted},
		"cast after deletion":    {[][2]string{deleteIt, castIt}, deleted},
		"created after deletion": {[][2]string{deleteIt, {"Election.ElectionCreated", `{"election_id":"e-1","name":"x"}`}}, deleted},
		"same e-mail":            {[][2]string{{"Voter.VoterRegistered", `{"voter_id":"v-2","election_id":"e-1","name":"Eve","email":"ada@example.com"}`}}, "A voter with this e-mail is registered already"},
		"another e-mail":         {[][2]string{{"Voter.VoterRegistered", `{"voter_id":"v-2","election_id":"e-1","name":"Eve","email":"eve@example.com"}`}}, ""},
		"second ballot":          {[][2]string{{"Ballot.BallotCreated", `{"ballot_id":"b-20","voter_id":"v-1","election_id":"e-1"}`}}, "The voter has a ballot already"},
	} {
		w := begun(t)
		var last *sources.Event
		for _, e := range c.events {
			last = w.vote(e[0], e[1])
		}
		if last.Rejected != c.rejected || last.Failed != "" {
			t.Errorf("%s: rejected %q, failed %q; want %q", name, last.Rejected, last.Failed, c.rejected)
		}
	}
}

// A refusal leaves no trace, not even below a field.
func TestVotesRefusalChangesNothing(t *testing.T) {
	w := begun(t)
	w.vote("Ballot.BallotCreated", `{"ballot_id":"b-20","voter_id":"v-1","election_id":"e-1"}`)
	w.vote("Ballot.BallotCandidateRated", `{"ballot_id":"b-99","election_id":"e-1","competition_id":"c-1","candidate_id":"k-1","rating":9}`)
	w.wantEvent(w.vote("Voter.VoterRegistered", `{"voter_id":"v-3","election_id":"e-1","name":"Bob"}`), "VoterRegistered", "", `data.email: want a name, have ""`)
	w.want("election", "e-1", 5, begunState)
}

func TestVotesJoins(t *testing.T) {
	w := begun(t)
	// Earlier versions of the application leave the election out: the voter leads to it.
	w.vote("Voter.VoterRegistered", `{"voter_id":"v-2","election_id":"e-1","name":"Eve","email":"eve@example.com"}`)
	if e := w.vote("Ballot.BallotCreated", `{"ballot_id":"b-20","voter_id":"v-2"}`); e.ID != "e-1" || e.Rejected != "" {
		t.Errorf("the ballot belongs to %q, rejected %q; want e-1", e.ID, e.Rejected)
	}
	if e := w.vote("Ballot.BallotCast", `{"ballot_id":"b-20"}`); e.ID != "e-1" {
		t.Errorf("the ballot was cast in %q, want e-1", e.ID)
	}
	// A ballot that nothing ties to an election stands alone.
	w.wantEvent(w.vote("Ballot.BallotCast", `{"ballot_id":"b-77"}`), "BallotCast", "", "")
	w.want("ballot", "b-77", 1, `{"status":"cast"}`)
	w.wantEvent(w.vote("Ballot.BallotCast", `{"ballot_id":"b-77"}`), "BallotCast", "Ballot has already been cast", "")
}

func TestVotesFailures(t *testing.T) {
	w := newWorld(t)
	w.wantEvent(w.vote("Election.ElectionOpened", `{"election_id":"e-9","open_date":"x"}`), "ElectionOpened", "", "There is no such election")
	w.wantEvent(w.vote("Election.ElectionExploded", `{"election_id":"e-9"}`), "PhotoVote.Event.Election.ElectionExploded", "", "votes has no rule for PhotoVote.Event.Election.ElectionExploded")
	later := w.send("somewhere", `{"election_id":"e-2","name":"x"}`, bus.Header{Name: "Request-Type", Value: "PhotoVote.Event.Election.ElectionCreated"})
	w.wantEvent(later, "ElectionCreated", "", "")
	w.partial = true
	w.wantEvent(w.vote("Election.ElectionOpened", `{"election_id":"e-8","open_date":"x"}`), "ElectionOpened", "", "")
}
