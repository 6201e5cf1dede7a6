package redisbus

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"signalbox/bus"
	"signalbox/bus/bustest"
)

func TestSuite(t *testing.T) {
	bustest.Run(t, bustest.Harness{
		Start: func(t testing.TB) bustest.Server { return durable(t) },
		Connect: func(ctx context.Context, url string, o bustest.Options) (bus.Bus, error) {
			b, err := Connect(ctx, Options{URL: url, Buffer: int64(o.Buffer)})
			if err != nil {
				return nil, err
			}
			return b, nil
		},
		Readers: readers,
		Leaks:   []goleak.Option{goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait")}, // a server started again
		Secured: secured,
		Shapes:  []bustest.Shape{streamShape(), channelShape()},
		Copy:    func(bucket, key string) string { return bucket + ":" + key },
		Capabilities: bustest.Capabilities{
			Publisher: true, Getter: true, Worker: true, Maker: true, Keeper: true, ConsumerLister: true, Tracker: true,
			Operator: true, Examiner: true, CopyReader: true, DeadLetterLister: true,
		},
	})
}

func streamShape() bustest.Shape {
	return bustest.Shape{
		Kind: bus.Log, Replayable: true, Lossless: true, Headers: true, Discovered: true, Makes: true, Publishes: true, Behind: true, Works: true,
		Traits: bus.Traits{Positions: bus.TimedIDs, Channel: "channel:shop"}, Empties: "trim",
		Make: func(t testing.TB, url, name string) {
			c := client(t, url)
			if err := c.XGroupCreateMkStream(context.Background(), name, "tmp", "$").Err(); err != nil {
				t.Fatal(err)
			}
			if err := c.XGroupDestroy(context.Background(), name, "tmp").Err(); err != nil {
				t.Fatal(err)
			}
		},
		Sender: func(t testing.TB, url string) bustest.Sender { return streamSender{sender{client(t, url)}} },
	}
}

func channelShape() bustest.Shape {
	return bustest.Shape{
		Kind: bus.Channel, Publishes: true, Behind: true, Waits: true,
		Sender: func(t testing.TB, url string) bustest.Sender { return channelSender{sender{client(t, url)}} },
	}
}

// sender is another program's client.
type sender struct{ *redis.Client }

func (s sender) Close() { _ = s.Client.Close() }

type streamSender struct{ sender }

func (s streamSender) Send(station string, headers bus.Headers, data []byte) error {
	return s.XAdd(context.Background(), entry(station, headers, data)).Err()
}

func (s streamSender) Burst(station string, data [][]byte) error {
	return burst(s.Client, data, func(p redis.Pipeliner, data []byte) { p.XAdd(context.Background(), entry(station, nil, data)) })
}

func entry(key string, headers bus.Headers, data []byte) *redis.XAddArgs {
	var values []any
	for _, h := range headers {
		values = append(values, h.Name, h.Value)
	}
	return &redis.XAddArgs{Stream: key, Values: append(values, "payload", data)}
}

func burst(c *redis.Client, data [][]byte, add func(redis.Pipeliner, []byte)) error {
	for part := range slices.Chunk(data, 1000) {
		_, err := c.Pipelined(context.Background(), func(p redis.Pipeliner) error {
			for _, one := range part {
				add(p, one)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type channelSender struct{ sender }

func (s channelSender) Send(station string, _ bus.Headers, data []byte) error {
	return s.Publish(context.Background(), station, data).Err()
}

func (s channelSender) Burst(station string, data [][]byte) error {
	return burst(s.Client, data, func(p redis.Pipeliner, data []byte) { p.Publish(context.Background(), station, data) })
}

// readers are the subscriptions, and the groups with all that they keep.
func readers(t testing.TB, url string) []string {
	c, ctx := client(t, url), context.Background()
	var all []string
	channels, err := c.PubSubChannels(ctx, "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, channels...)
	all = append(all, fmt.Sprint("patterns ", c.PubSubNumPat(ctx).Val()))
	keys, _, err := c.ScanType(ctx, 0, "*", 1000, "stream").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		all = append(all, fmt.Sprint(key, " ", c.XInfoGroups(ctx, key).Val()))
	}
	slices.Sort(all)
	return all
}

func secured(t testing.TB) bustest.Access {
	const secret = "s3cr#t/p@ss"
	s := durable(t,
		"--user", "default", "on", ">chief", "~*", "&*", "+@all",
		"--user", "limited", "on", ">"+secret, "~allowed", "resetchannels", "+@all")
	as := func(user, password string) string { return "redis://" + user + ":" + password + "@" + s.addr() }
	shape, chief := streamShape(), as("default", "chief")
	shape.Make(t, chief, "allowed")
	shape.Make(t, chief, "denied")
	return bustest.Access{
		Server:  credentialed{s, chief},
		Bad:     as("limited", "s3cr%23t-wr0ng"),
		Secret:  "s3cr#t-wr0ng",
		Limited: as("limited", "s3cr%23t%2Fp%40ss"),
		Shape:   shape, Allowed: "allowed", Denied: "denied",
	}
}

// credentialed is a server with users: its URL is that of a user who may do everything.
type credentialed struct {
	*server
	url string
}

func (c credentialed) URL() string { return c.url }
