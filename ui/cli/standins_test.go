package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// helpedLoans is a domain with a service that signalbox plays. It cannot do what an event asks of it that has bad words.
const helpedLoans = `domain: loans
entity: loan
events: { stations: [loans], type: data.type, id: data.id }
states: [lent]
fold:
  Lent: { creates: true, set: { days: int(data.days) }, to: lent }
  Renewed: { set: { days: state.days + int(data.days) } }
commands:
  lend: { send: { station: loans, type: Lent }, fields: { id: { type: text, default: "{ulid()}" }, days: { type: int }, more: { type: text } } }
  renew: { send: { station: loans, type: Renewed }, fields: { id: { type: entity }, days: { type: int } } }
stations: { loans: { kind: stream } }
stand-ins:
  librarian:
    reads: loans
    does:
      - { on: Lent, sends: renew, with: { id: "{id}", days: "{data.more}" } }
scripts:
  kindness:
    needs: [librarian]
    steps:
      - lend: { days: 3, more: "\e[2Jas long\e]0;title\a as you like" }
        as: bad
      - lend: { days: 3, more: "7" }
        as: good
      - expect: { entity: good, that: state.days == 10, within: 60s }
      - say: The librarian has helped.
      - expect: { entity: bad, that: state.days == 10, within: 1ms }
`

// A script of somebody's domain file plays in the deck with its stand-in, which answers; what that cannot do is said, and does no
// harm to the screen.
func TestStandInsOfDomainFilesInTheDeck(t *testing.T) {
	t.Parallel()
	url, _ := serverWithBus(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "loans.yaml")
	if err := os.WriteFile(file, []byte(helpedLoans), 0o600); err != nil {
		t.Fatal(err)
	}
	c := startConsoleIn(t, folder, 160, 40, url, "--domain", file)
	c.sees("Events", "Stations")
	c.press("s")
	c.sees("loans/kindness")
	c.press("kindness")
	c.misses("orders/happy-path")
	c.press("\r")
	c.sees("with what is there", "signalbox plays librarian")
	c.press("missing\r")
	c.sees("The librarian has helped.")
	c.until("what the stand-in cannot do", func(screen string) bool {
		return strings.Contains(screen, "stand-in loans.librarian") && strings.Contains(screen, "want a whole number") && strings.Contains(screen, "Events")
	})
	c.press("q")
	c.ends(exitDone)
}
