package natsbus_test

import (
	"flag"
	"os"
	"testing"

	"signalbox/bus/bustest/natstest"
)

func TestMain(m *testing.M) {
	natstest.ServeIfAsked(nil)
	if url := os.Getenv(readerServer); url != "" {
		readAll(url)
	}
	if err := flag.Set("test.parallel", "6"); err != nil { // most wait for servers, not for a processor
		panic(err)
	}
	os.Exit(m.Run())
}

type testServer = natstest.Server

var (
	startServer = natstest.Start
	client      = natstest.Client
	readers     = natstest.Readers
)
