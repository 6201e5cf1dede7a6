package jsapi

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// accountLimit is how many consumers the account may have; 0 is no limit.
type accountLimit struct {
	most  int
	asked time.Time
}

// limitAge is how long what an account may have is not asked for again.
const limitAge = time.Minute

// ConsumerLimit says what limits how many consumers there may be of a stream, or "". Where anything does, a consumer of the
// session could be the one that somebody else needs. Who may not ask for the limits of the account is taken to have none.
func (c *Client) ConsumerLimit(ctx context.Context, info *jetstream.StreamInfo) string {
	if n := info.Config.MaxConsumers; n > 0 {
		return fmt.Sprintf("the stream may have %s", consumers(n))
	}
	c.mu.Lock()
	account := c.account
	c.mu.Unlock()
	if time.Since(account.asked) > limitAge {
		var answer jetstream.AccountInfo
		if c.Do(ctx, "INFO", nil, &answer) == nil {
			account.most = fewest(&answer)
		}
		account.asked = time.Now()
		c.mu.Lock()
		c.account = account
		c.mu.Unlock()
	}
	if account.most > 0 {
		return fmt.Sprintf("the account may have %s", consumers(account.most))
	}
	return ""
}

// fewest is the least of an account's limits of consumers; 0 is none.
func fewest(info *jetstream.AccountInfo) int {
	least := max(0, info.Limits.MaxConsumers)
	for _, tier := range info.Tiers {
		if n := tier.Limits.MaxConsumers; n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return least
}

func consumers(n int) string {
	if n == 1 {
		return "1 consumer"
	}
	return fmt.Sprintf("%d consumers", n)
}
