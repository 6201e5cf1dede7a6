package servers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"signalbox/bus/redisbus/internal/fault"
)

// Locate finds the address of the server that has a key; when key is "", of the one for all that is not about a key.
func (s *Servers) Locate(ctx context.Context, key string) (string, error) {
	switch {
	case s.cluster != nil && key != "":
		node, err := s.cluster.MasterForKey(ctx, key)
		if err != nil {
			return "", fmt.Errorf("find the server of %s in the cluster: %w", key, err)
		}
		return node.Options().Addr, nil
	case s.cluster != nil:
		return s.anyMaster(ctx)
	case s.address.master != "":
		return s.askMaster(ctx)
	}
	return s.address.server.Addr, nil
}

// anyMaster is always the same server of the cluster, as long as that answers.
func (s *Servers) anyMaster(ctx context.Context) (string, error) {
	all, err := s.Addresses(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(all, s.home) {
		s.home = all[0]
	}
	return s.home, nil
}

// Failed says that a server did not answer, or is not the right one any more. The cluster is asked where its keys are now,
// and another server is used for what is not about a key.
func (s *Servers) Failed(ctx context.Context, addr string) {
	if s.cluster == nil {
		return
	}
	s.cluster.ReloadState(ctx)
	all, err := s.Addresses(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && s.home == addr {
		s.home = all[(slices.Index(all, addr)+1)%len(all)]
	}
}

// Addresses are the masters of the cluster, sorted.
func (s *Servers) Addresses(ctx context.Context) ([]string, error) {
	var mu sync.Mutex
	var all []string
	err := s.cluster.ForEachMaster(ctx, func(_ context.Context, node *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, node.Options().Addr)
		return nil
	})
	if err == nil && len(all) == 0 {
		err = errors.New("it has no masters")
	}
	slices.Sort(all)
	return all, err
}

// askMaster asks the Sentinels, one after the other.
func (s *Servers) askMaster(ctx context.Context) (string, error) {
	var errs []error
	for _, sentinel := range s.address.seeds {
		answer, err := s.askSentinel(ctx, sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", s.address.master)
		switch {
		case strings.HasPrefix(fault.Answer(err), "ERR unknown command"):
			errs = append(errs, fmt.Errorf("%s is no Sentinel; write redis:// for redis+sentinel://", sentinel))
		case err != nil:
			errs = append(errs, fmt.Errorf("ask the Sentinel %s: %w", sentinel, fault.Explain(err)))
		case len(answer) != 2:
			errs = append(errs, fmt.Errorf("the Sentinel %s knows no master called %q", sentinel, s.address.master))
		default:
			return net.JoinHostPort(answer[0], answer[1]), nil
		}
		if ctx.Err() != nil {
			break
		}
	}
	return "", errors.Join(errs...)
}

// Tags finds a key for each master of a cluster, by address. A connection to the server of that key is one to that master,
// and follows the slot when it moves.
func (s *Servers) Tags(ctx context.Context) (map[string]string, error) {
	all, err := s.Addresses(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[string]string, len(all))
	for n := 0; n < 1<<16 && len(found) < len(all); n++ {
		tag := fmt.Sprint(n)
		addr, err := s.Locate(ctx, tag)
		if err != nil {
			return nil, err
		}
		if _, known := found[addr]; !known && slices.Contains(all, addr) {
			found[addr] = tag
		}
	}
	return found, nil
}

// HashTag is the part of a key or channel by which its slot is computed.
func HashTag(name string) string {
	if _, rest, ok := strings.Cut(name, "{"); ok {
		if tag, _, ok := strings.Cut(rest, "}"); ok && tag != "" {
			return tag
		}
	}
	return name
}

// Each calls ask for every master, one after the other, until one fails. There is one master unless it is a cluster.
func (s *Servers) Each(ctx context.Context, ask func(addr string, node *redis.Client) error) error {
	all, err := s.Masters(ctx)
	for _, node := range all {
		addr := node.Options().Addr
		if err == nil && s.cluster == nil {
			addr, err = s.Locate(ctx, "")
		}
		if err == nil {
			err = ask(addr, node)
		}
	}
	return err
}

// Masters are clients of every master, sorted by address.
func (s *Servers) Masters(ctx context.Context) ([]*redis.Client, error) {
	if s.cluster == nil {
		return []*redis.Client{s.Client.(*redis.Client)}, nil
	}
	var mu sync.Mutex
	var all []*redis.Client
	err := s.cluster.ForEachMaster(ctx, func(_ context.Context, node *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, node)
		return nil
	})
	slices.SortFunc(all, func(a, b *redis.Client) int { return strings.Compare(a.Options().Addr, b.Options().Addr) })
	return all, err
}
