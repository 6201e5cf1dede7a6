package bus

import "context"

// CopyReader is a bus that tells what applications keep under keys: a hash or text of Redis, a key of a bucket of NATS. It
// only looks. A path is how people write a key: "delivery:01HX7Q", "deliveries-state/01HX7Q".
type CopyReader interface {
	// CopyStore is what domain files call the place: redis, nats.
	CopyStore() string

	// Copies are the values at some paths, in their order: CopiesAtOnce at most.
	Copies(ctx context.Context, paths []string) ([]Copied, error)

	// CopyPaths hands out the paths between a beginning and an ending until there are no more, or yield returns false. One
	// may come twice.
	CopyPaths(ctx context.Context, prefix, suffix string, yield func(path string) bool) error
}

// CopiesAtOnce is how many copies are asked for together.
const CopiesAtOnce = 100

// Copied is a value that is kept under a key.
type Copied struct {
	Data []byte // JSON, where the application writes that; of a hash an object of texts
	Size int    // at the broker; more than len(Data) when it is too large to be read
	Kept bool   // there is a value
}
