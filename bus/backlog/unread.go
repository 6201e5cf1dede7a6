package backlog

// Len is how many messages wait.
func (b *Backlog) Len() uint64 {
	n := 0
	for _, batch := range b.queue {
		n += batch.Len()
	}
	return uint64(n)
}

// Unread is how many messages wait for Next.
func (q *Queue) Unread() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.batches.Len()
}
