package natsbus

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"signalbox/bus"
	"signalbox/bus/disk"
)

// maxAuthorities bounds a file of certificates; those that systems have are a few hundred KiB large.
const maxAuthorities = 8 << 20

// identity are the settings that say who we are and whom we trust. The error wraps bus.ErrUnreachable or bus.ErrRefused.
func (o *Options) identity() ([]nats.Option, error) {
	for _, file := range []*string{&o.Credentials, &o.NKey, &o.Authority, &o.Cert, &o.Key} {
		*file = atHome(*file)
	}
	settings, err := o.files()
	if err != nil && !errors.Is(err, bus.ErrRefused) {
		err = fmt.Errorf("%w: %w", bus.ErrUnreachable, err)
	}
	if o.TLSFirst {
		settings = append(settings, nats.TLSHandshakeFirst())
	}
	if o.InboxPrefix != "" {
		settings = append(settings, nats.CustomInboxPrefix(o.InboxPrefix))
	}
	return append(settings, o.Client...), err
}

// atHome is a file's path with the user's directory for a ~ before it.
func atHome(file string) string {
	rest, found := strings.CutPrefix(file, "~/")
	home, err := os.UserHomeDir()
	if !found || err != nil {
		return file
	}
	return filepath.Join(home, rest)
}

// files are the settings of identity that name files. They are looked at now, since a server that does not accept them
// says little of why.
func (o *Options) files() ([]nats.Option, error) {
	var all []nats.Option
	if o.Credentials != "" {
		if err := checkCredentials(o.Credentials); err != nil {
			return nil, fmt.Errorf("credentials file %s: %w", o.Credentials, err)
		}
		all = append(all, nats.UserCredentials(o.Credentials))
	}
	if o.NKey != "" {
		option, err := nkeyOption(o.NKey)
		if err != nil {
			return nil, fmt.Errorf("NKey file %s: want the seed of a user, which begins with SU (%w)", o.NKey, fileError(err))
		}
		all = append(all, option)
	}
	if o.Cert == "" != (o.Key == "") {
		return nil, errors.New("a client certificate takes two files, tls_cert and tls_key")
	}
	if o.Cert != "" {
		if err := checkCertificate(o.Cert, o.Key); err != nil {
			return nil, fmt.Errorf("client certificate %s with the key %s: %w", o.Cert, o.Key, err)
		}
		all = append(all, nats.ClientCert(o.Cert, o.Key))
	}
	if o.Authority != "" {
		text, err := disk.Read(o.Authority, maxAuthorities)
		if err != nil {
			return nil, fmt.Errorf("certificates of the authority %s: %w", o.Authority, fileError(err))
		}
		if !x509.NewCertPool().AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("certificates of the authority %s: there are none in PEM", o.Authority)
		}
		all = append(all, nats.RootCAs(o.Authority))
	}
	return all, nil
}

// nkeyOption is the setting of a file that has a user's seed.
func nkeyOption(file string) (nats.Option, error) {
	text, err := disk.Read(file, disk.Small) // which the client reads itself, however large it is
	if err != nil {
		return nil, err
	}
	clear(text)
	return nats.NkeyOptionFromSeed(file)
}

// checkCredentials reads a credentials file and looks whether it has expired.
func checkCredentials(file string) error {
	text, err := disk.Read(file, disk.Small)
	if err != nil {
		return fileError(err)
	}
	defer clear(text)
	token, err := nkeys.ParseDecoratedJWT(text)
	if err != nil {
		return fmt.Errorf("it holds no user's JWT")
	}
	if _, err := nkeys.ParseDecoratedUserNKey(text); err != nil {
		return fmt.Errorf("it holds no user's seed")
	}
	claims, err := jwt.DecodeUserClaims(token)
	if err != nil {
		return fmt.Errorf("its JWT is not a user's")
	}
	if expires := time.Unix(claims.Expires, 0); claims.Expires > 0 && time.Now().After(expires) {
		return fmt.Errorf("%w: it expired on %s", bus.ErrRefused, expires.Format(time.DateTime))
	}
	return nil
}

// checkCertificate reads a client's certificate and looks whether it has expired.
func checkCertificate(cert, key string) error {
	for _, file := range []string{cert, key} {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("%s: %w", file, fileError(err))
		}
	}
	pair, err := disk.KeyPair(cert, key)
	if err != nil {
		return fmt.Errorf("%w; both are PEM files", fileError(err))
	}
	if end := pair.Leaf.NotAfter; time.Now().After(end) {
		return fmt.Errorf("%w: it expired on %s", bus.ErrRefused, end.Format(time.DateTime))
	}
	return nil
}
