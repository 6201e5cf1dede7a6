package sources

import (
	"testing"

	"signalbox/bus/bustest/leaks"
)

func TestMain(m *testing.M) { leaks.Main(m) }
