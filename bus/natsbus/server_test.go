package natsbus_test

import (
	"os"
	"testing"

	"signalbox/bus/bustest/natstest"
)

func TestMain(m *testing.M) {
	natstest.ServeIfAsked(nil)
	if url := os.Getenv(readerServer); url != "" {
		readAll(url)
	}
	os.Exit(m.Run())
}

type testServer = natstest.Server

var (
	startServer = natstest.Start
	client      = natstest.Client
	readers     = natstest.Readers
)
