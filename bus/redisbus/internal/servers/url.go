package servers

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
)

// address is what a URL says: how to log in, and where the servers are found.
type address struct {
	server  *redis.Options // Addr is the only server's, or empty when it has to be found
	seeds   []string       // Sentinels, or nodes of a cluster
	master  string         // the name that Sentinels know it by
	cluster bool

	sentinelUser, sentinelPassword string
	cert, key, authority           string // files for TLS
}

// Default ports.
const (
	serverPort   = "6379"
	sentinelPort = "26379"
)

const wanted = "want redis://user:password@host:6379/0, rediss://, unix://, redis+sentinel://host,host/master or redis+cluster://host,host"

// parseURL reads the URL. What the parser says of a URL with a password is not repeated: it may hold part of it.
func parseURL(text string) (*address, error) {
	a, err := readURL(text)
	switch {
	case err == nil:
		return a, nil
	case strings.Contains(text, "@"):
		return nil, errors.New("the URL cannot be read; " + wanted +
			", with the characters / ? # @ : % of a password written as %2F %3F %23 %40 %3A %25")
	}
	var syntax *url.Error
	if errors.As(err, &syntax) { // it repeats the whole URL
		err = syntax.Err
	}
	return nil, fmt.Errorf("the URL %q cannot be read (%s); %s", bus.Redact(text), strings.TrimPrefix(err.Error(), "redis: "), wanted)
}

// readURL takes apart what go-redis does not know, and leaves the rest to it.
func readURL(text string) (*address, error) {
	scheme, rest, _ := strings.Cut(text, "://")
	scheme, how, _ := strings.Cut(scheme, "+")
	rest, query, _ := strings.Cut(rest, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, err
	}
	a := &address{cluster: how == "cluster" || values.Get("cluster") == "true"}
	take := func(name string) string {
		defer values.Del(name)
		return values.Get(name)
	}
	take("cluster")
	a.cert, a.key, a.authority = take("tls_cert"), take("tls_key"), take("tls_ca")
	a.sentinelUser, a.sentinelPassword = take("sentinel_username"), take("sentinel_password")
	if how == "sentinel" || a.cluster {
		if rest, err = a.several(rest); err != nil {
			return nil, err
		}
	} else if how != "" {
		return nil, fmt.Errorf("invalid URL scheme: %s+%s", scheme, how)
	}
	whole := scheme + "://" + rest
	if len(values) > 0 {
		whole += "?" + values.Encode()
	}
	if a.server, err = redis.ParseURL(whole); err != nil {
		return nil, err
	}
	if a.seeds != nil {
		a.server.Addr = ""
	}
	return a, nil
}

// several takes the hosts, and the name of the master, out of a URL without scheme and query, and leaves one host in it.
func (a *address) several(rest string) (string, error) {
	user := ""
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		user, rest = rest[:at+1], rest[at+1:]
	}
	hosts, path, _ := strings.Cut(rest, "/")
	port := serverPort
	if !a.cluster {
		port = sentinelPort
		a.master, path, _ = strings.Cut(path, "/")
		if a.master == "" {
			return "", errors.New("no name of a master after the Sentinels")
		}
	}
	for host := range strings.SplitSeq(hosts, ",") {
		if _, _, err := net.SplitHostPort(host); err != nil {
			host = net.JoinHostPort(strings.Trim(host, "[]"), port)
		}
		a.seeds = append(a.seeds, host)
	}
	if a.cluster && path != "" && path != "0" {
		return "", errors.New("a cluster has database 0 alone")
	}
	return user + a.seeds[0] + "/" + path, nil
}
