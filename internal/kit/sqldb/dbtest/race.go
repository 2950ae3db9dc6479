package dbtest

import "sync"

// AtOnce lets people do things in the same instant and returns when all have.
func AtOnce(all ...func()) {
	start, people := make(chan struct{}), sync.WaitGroup{}
	for _, do := range all {
		people.Go(func() { <-start; do() })
	}
	close(start)
	people.Wait()
}
