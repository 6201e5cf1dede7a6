package natsbus

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/feeds"
)

// Options say how to connect. What is said in the URL as well goes before the fields here.
type Options struct {
	URL       string                     // one, or several of one cluster separated by commas: nats://, tls://, ws://, wss://
	Name      string                     // for people; the first address when empty
	InProcess nats.InProcessConnProvider // a server in this process, instead of URL
	Budget    *bus.Budget                // that all feeds draw on; nil is one of the bus's own
	Buffer    int                        // bytes a feed may hold of it for a slow reader; 0 is DefaultBuffer, and all there is for core subjects
	Body      int64                      // bytes of a payload that are kept, its beginning; 0 is bus.DefaultBody
	AllowAll  bool                       // read > and the like although the server has JetStream; see Stations

	Credentials string // file with a user's JWT and seed (creds)
	NKey        string // file with a user's seed (nkey)
	Authority   string // file with the certificates that the server's is signed by; the system's when empty (tls_ca)
	Cert, Key   string // files with the client's certificate and key (tls_cert, tls_key)
	TLSFirst    bool   // speak TLS at once, before the server's greeting (tls_first)
	Domain      string // JetStream domain, of a leaf node say (domain)
	APIPrefix   string // prefix of the JetStream API, where an account imports it; instead of Domain (api)
	InboxPrefix string // of inboxes, where the user may only have those (inbox)

	Client []nats.Option // further settings of the client library, such as those of a context
}

// DefaultBuffer is what Buffer is, when it is 0, where the broker keeps what does not fit.
const DefaultBuffer = feeds.DefaultBuffer

// parse takes the URL apart. It is done here because errors of the client library would show it whole.
func (o *Options) parse() (servers []string, err error) {
	if o.InProcess != nil {
		return nil, nil
	}
	for part := range strings.SplitSeq(o.URL, ",") {
		text := strings.TrimSpace(part)
		if !strings.Contains(text, "://") {
			text = "nats://" + text
		}
		u, err := url.Parse(text)
		if err != nil || u.Hostname() == "" {
			return nil, fmt.Errorf("NATS address %q: want nats://[user:password@]host[:4222]", bus.Redact(part))
		}
		switch u.Scheme {
		case "nats", "tls", "ws", "wss":
		default:
			return nil, fmt.Errorf("NATS address %q: %s:// is none of nats, tls, ws, wss", bus.Redact(part), u.Scheme)
		}
		if err := o.query(u.RawQuery); err != nil {
			return nil, fmt.Errorf("NATS address %q: %w", bus.Redact(part), err)
		}
		u.RawQuery = ""
		servers = append(servers, u.String())
	}
	return servers, nil
}

// query takes the parameters of a URL.
func (o *Options) query(text string) error {
	values, err := url.ParseQuery(text)
	if err != nil {
		return fmt.Errorf("after the ? come name=value, joined by &")
	}
	fields := map[string]*string{
		"creds": &o.Credentials, "nkey": &o.NKey, "tls_ca": &o.Authority, "tls_cert": &o.Cert, "tls_key": &o.Key,
		"domain": &o.Domain, "api": &o.APIPrefix, "inbox": &o.InboxPrefix,
	}
	for name := range values {
		value := values.Get(name)
		field := fields[name]
		switch {
		case field != nil:
			*field = value
		case name == "tls_first":
			if o.TLSFirst, err = strconv.ParseBool(value); err != nil {
				return fmt.Errorf("tls_first is true or false")
			}
		default:
			return fmt.Errorf("there is no parameter %q: want creds, nkey, tls_ca, tls_cert, tls_key, tls_first, domain, api or inbox", name)
		}
	}
	return nil
}

// userName is the user that the URL names with a password, or "".
func (o *Options) userName() string {
	for part := range strings.SplitSeq(o.URL, ",") {
		if u, err := url.Parse(strings.TrimSpace(part)); err == nil && u.User != nil {
			if _, has := u.User.Password(); has {
				return u.User.Username()
			}
		}
	}
	return ""
}

// anonymous tells whether nothing says who connects.
func (o *Options) anonymous() bool {
	return o.Credentials == "" && o.NKey == "" && o.Cert == "" && len(o.Client) == 0 && !strings.Contains(o.URL, "@")
}

// loopback tells whether all servers are on this machine.
func loopback(servers []string) bool {
	for _, s := range servers {
		u, err := url.Parse(s)
		if err != nil {
			return false
		}
		ip := net.ParseIP(u.Hostname())
		if u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return false
		}
	}
	return true
}
