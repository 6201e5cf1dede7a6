package bus

// Reach is what connecting by a URL would reach and read, as the URL says it. It is found without looking at the network or
// at any file.
type Reach struct {
	Addresses []string // host:port of each server, or the path of a socket
	Local     bool     // all of them are ports of this machine, and lead to no others
	Secret    bool     // the URL itself says who connects: it holds a user, a password or a token
	Files     []string // credentials, keys and certificates that are read
}

// Harmless tells whether connecting shows nothing to anybody: it stays on this machine, and nothing says who connects.
func (r Reach) Harmless() bool { return r.Local && !r.Secret && len(r.Files) == 0 }
