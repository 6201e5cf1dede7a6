package keys

import (
	"context"
	"errors"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
)

// maxFields is how many fields a hash may have that is read. It is also the number of fields by whose size MEMORY USAGE
// judges, so that what is read is known to be small.
const maxFields = 4096

// value is what a key holds: its beginning, or nothing of it when it is a large hash.
type value struct {
	kind string // "hash" or "string"; what is neither is no message
	data []byte
	size int // at the server
}

var seed = maphash.MakeSeed()

// mark is a hash of the value: values with different marks differ.
func (v value) mark() uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	_, _ = h.Write(v.data)
	return h.Sum64() ^ uint64(v.size)
}

// values reads keys: each command for all of them at once. Kinds that are not known yet are asked for. What is no hash
// or string, or has gone meanwhile, stays empty.
func (k *Keys) values(ctx context.Context, keys []string, all []value) error {
	if err := k.kinds(ctx, keys, all); err != nil {
		return err
	}
	lengths, sizes, texts := make([]*redis.IntCmd, len(keys)), make([]*redis.IntCmd, len(keys)), make([]*redis.StringCmd, len(keys))
	exist := make([]*redis.IntCmd, len(keys))
	_, err := k.session.Servers.Client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, key := range keys {
			switch all[i].kind {
			case "hash":
				lengths[i], sizes[i] = p.HLen(ctx, key), p.MemoryUsage(ctx, key, maxFields)
			case "string":
				exist[i] = p.Exists(ctx, key) // nothing else tells an empty string from none
				lengths[i], texts[i] = p.StrLen(ctx, key), p.GetRange(ctx, key, 0, k.session.Body-1)
			}
		}
		return nil
	})
	if fault.Broken(err) || fault.Loading(err) {
		return err
	}
	hashes := make([]*redis.MapStringStringCmd, len(keys))
	_, broken := k.session.Servers.Client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, key := range keys {
			switch {
			case lengths[i] == nil || lengths[i].Err() != nil || exist[i] != nil && exist[i].Val() == 0:
				all[i] = value{}
			case texts[i] != nil:
				all[i].data, all[i].size = []byte(texts[i].Val()), int(lengths[i].Val())
			case lengths[i].Val() <= maxFields && sizes[i].Val() <= k.session.Body:
				hashes[i] = p.HGetAll(ctx, key)
			default:
				all[i].size = int(sizes[i].Val())
			}
		}
		return nil
	})
	if fault.Broken(broken) {
		return broken
	}
	for i := range keys {
		if hashes[i] != nil {
			all[i].fill(hashes[i].Val())
			err = errors.Join(err, refusalOf(hashes[i].Err()))
		}
	}
	return errors.Join(refusalOf(err), refusalOf(broken))
}

// fill makes an object of a hash. Redis does not keep the order of fields: they are sorted.
func (v *value) fill(hash map[string]string) {
	if len(hash) == 0 { // it went away
		*v = value{}
		return
	}
	fields := make([]entries.Field, 0, len(hash))
	for _, name := range slices.Sorted(maps.Keys(hash)) {
		fields = append(fields, entries.Field{Name: []byte(name), Value: []byte(hash[name]), Size: len(hash[name])})
	}
	v.data = entries.AppendObject(nil, fields)
	v.size = len(v.data)
}

// kinds asks what the keys are of which that is not known.
func (k *Keys) kinds(ctx context.Context, keys []string, all []value) error {
	asked := make([]*redis.StatusCmd, len(keys))
	if !slices.ContainsFunc(all, func(v value) bool { return v.kind == "" }) {
		return nil
	}
	_, err := k.session.Servers.Client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, key := range keys {
			if all[i].kind == "" {
				asked[i] = p.Type(ctx, key)
			}
		}
		return nil
	})
	for i := range keys {
		if asked[i] != nil {
			all[i].kind = asked[i].Val()
		}
	}
	return err
}

// kindOf is what a key is after an event of the server's, or "" when that writes neither a hash nor a string.
func kindOf(event []byte) string {
	switch name := string(event); {
	case name == "hset", strings.HasPrefix(name, "hincrby"):
		return "hash"
	case name == "set", name == "setrange", name == "append", strings.HasPrefix(name, "incrby"):
		return "string"
	}
	return ""
}

// refusalOf is err where it refuses for want of permission.
func refusalOf(err error) error {
	if fault.Refused(err) {
		return fault.Explain(err)
	}
	return nil
}

// message makes a message of a key; false when there is nothing to say.
func (v value) message(key string, arrived int64) (bus.Message, bool) {
	if v.kind != "hash" && v.kind != "string" {
		return bus.Message{}, false
	}
	m := bus.Message{Subject: key, Data: v.data, Size: v.size, UnixNano: arrived}
	if at, ok := keyTime(key); ok {
		m.UnixNano = at.UnixNano()
	}
	return m, true
}
