package bus

import "context"

// Broker is one kind of broker: how its buses are named, and how one is connected to. Each package of a broker exports
// one, and the command line has the table of them.
type Broker struct {
	Schemes  []string // of its URLs, the usual one first
	Help     string   // its URLs and their parameters, as the help shows them: indented lines in two columns
	Variable string   // of the environment, where programs look for a URL; empty where there is none
	Bare     bool     // Variable may hold an address without a scheme, too
	Contexts Contexts
	Connect  func(ctx context.Context, url string, s Settings) (Bus, error)
	Reach    func(url string) (Reach, error) // looks at the URL alone

	// Recognise makes a bus of this broker of one on another broker whose server turns out to be this one's; ok is false where
	// it is not. It asks the server and changes nothing. From then on the bus inside is the new one's. It may be nil.
	Recognise func(ctx context.Context, b Bus) (recognised Bus, ok bool)
}

// Contexts are connections that another program keeps by name; the zero value where there is no such program.
type Contexts struct {
	Of       string                               // what keeps them: "the nats command line"
	Variable string                               // of the environment, which names one
	Find     func(name string) (Connector, error) // an empty name means the one that is selected there
	Names    func() []string                      // all there are; may be nil
	URL      func(name string) string             // of one; "" where it has none that is known without asking anybody; may be nil
	Selected func() string                        // the name of the one that is selected there; may be nil
}

// Connector connects to a bus that has been found.
type Connector func(ctx context.Context, s Settings) (Bus, error)

// Settings are what a person says to every broker; each takes what concerns it.
type Settings struct {
	AllowAll    bool              // read stations too whose reading others would notice
	AllowConfig bool              // change the broker's configuration while it is needed
	Budget      *Budget           // that all feeds of the process draw on; nil: one of the bus's own
	Body        int64             // bytes of a payload that are kept, its beginning; 0 is DefaultBody
	Warn        func(text string) // is told why connecting takes long
}

// DefaultBody is how much of a payload is kept unless a broker is told otherwise.
const DefaultBody = 16 << 20
