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

// firstRead is how much of a string is read before its length is known.
const firstRead = 64 << 10

var seed = maphash.MakeSeed()

// mark is a hash of the value: values with different marks differ.
func (v value) mark() uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	_, _ = h.Write(v.data)
	return h.Sum64() ^ uint64(v.size)
}

// values reads the first of some keys, and returns how many: those whose values take no more memory together than one may,
// but at least one. Each command is for all of them at once. Kinds that are not known yet are asked for. What is no hash or
// string, or has gone meanwhile, stays empty.
func (k *Keys) values(ctx context.Context, keys []string, all []value) (read int, err error) {
	if err := k.kinds(ctx, keys, all); err != nil {
		return 0, err
	}
	first, body := min(firstRead, k.session.Body), k.session.Body
	lengths, sizes, texts := make([]*redis.IntCmd, len(keys)), make([]*redis.IntCmd, len(keys)), make([]*redis.StringCmd, len(keys))
	exist := make([]*redis.IntCmd, len(keys))
	_, err = k.session.Servers.Client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, key := range keys {
			switch all[i].kind {
			case "hash":
				lengths[i], sizes[i] = p.HLen(ctx, key), p.MemoryUsage(ctx, key, maxFields)
			case "string":
				exist[i] = p.Exists(ctx, key) // nothing else tells an empty string from none
				lengths[i], texts[i] = p.StrLen(ctx, key), p.GetRange(ctx, key, 0, first-1)
			}
		}
		return nil
	})
	if fault.Broken(err) || fault.Loading(err) {
		return 0, err
	}
	for sum := int64(0); read < len(keys); read++ {
		switch {
		case texts[read] != nil && lengths[read].Val() > first:
			sum += min(lengths[read].Val(), body)
		case sizes[read] != nil && sizes[read].Val() <= body:
			sum += sizes[read].Val()
		}
		if sum > body && read > 0 {
			break
		}
	}
	keys = keys[:read]
	hashes := make([]*redis.MapStringStringCmd, len(keys))
	_, broken := k.session.Servers.Client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, key := range keys {
			switch {
			case lengths[i] == nil || lengths[i].Err() != nil || exist[i] != nil && exist[i].Val() == 0:
				all[i] = value{}
			case texts[i] != nil:
				all[i].size = int(lengths[i].Val())
				if lengths[i].Val() > first && first < body {
					texts[i] = p.GetRange(ctx, key, 0, body-1)
				}
			case lengths[i].Val() <= maxFields && sizes[i].Val() <= body:
				hashes[i] = p.HGetAll(ctx, key)
			default:
				all[i].size = int(sizes[i].Val())
				k.tellLarge(key, lengths[i].Val(), sizes[i].Val())
			}
		}
		return nil
	})
	if fault.Broken(broken) {
		return 0, broken
	}
	for i := range keys {
		if texts[i] != nil && all[i].kind != "" {
			all[i].data = []byte(texts[i].Val())
			all[i].size = max(all[i].size, len(all[i].data))
		}
		if hashes[i] != nil {
			all[i].fill(hashes[i].Val())
			err = errors.Join(err, refusalOf(hashes[i].Err()))
		}
	}
	return read, errors.Join(refusalOf(err), refusalOf(broken))
}

// tellLarge says, of the first one, that hashes are too large to be read.
func (k *Keys) tellLarge(key string, fields, bytes int64) {
	k.large.Do(func() {
		k.session.Notify(bus.Warn, "", "%s has %d fields and takes %d bytes: that it is written is shown, and not what it holds; so with "+
			"all hashes of more than %d fields or %d bytes", key, fields, bytes, maxFields, k.session.Body)
	})
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
