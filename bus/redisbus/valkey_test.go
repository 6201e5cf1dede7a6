package redisbus

import (
	"os"
	"os/exec"
	"testing"
)

// serverVariable names the program that is started as the server.
const serverVariable = "REDISBUS_TEST_SERVER"

// serverProgram is the server that tests start.
func serverProgram() string {
	if program := os.Getenv(serverVariable); program != "" {
		return program
	}
	return "redis-server"
}

// TestValkey holds the bus to its contract on Valkey, too, where that is installed: by the suite, by kills under load,
// and by what differs most between servers: notifications of keys, groups, and trimming.
func TestValkey(t *testing.T) {
	const program = "valkey-server"
	if serverProgram() == program {
		t.Skip("this is the process that has Valkey")
	}
	if _, err := exec.LookPath(program); err != nil {
		t.Skip("no valkey-server is installed")
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^(TestSuite|TestKillsUnderLoad|TestKeysByNotification|TestConsumers|TestTrimmedEntriesAreCounted)$", "-test.v")
	again.Env = append(os.Environ(), serverVariable+"="+program)
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("on Valkey: %v\n%s", err, out)
	}
}
