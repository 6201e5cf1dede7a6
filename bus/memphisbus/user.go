package memphisbus

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// user is the name of a user as Memphis's requests have it: who connects may have named an account behind a $.
func user(name string) string {
	name, _, _ = strings.Cut(name, "$")
	return name
}

// newConnection is a number for this session such as clients of Memphis go by.
func newConnection() string {
	var x [16]byte
	_, _ = rand.Read(x[:]) // it never fails
	x[6], x[8] = x[6]&0x0f|0x40, x[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", x[:4], x[4:6], x[6:8], x[8:10], x[10:])
}
