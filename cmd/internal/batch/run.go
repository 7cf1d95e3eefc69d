package batch

import (
	"context"
	"sync"
)

// ahead is how many results per worker may wait for one before them: enough
// that a large capture does not hold up the others, and a bound on memory.
const ahead = 16

// Run calls do for each job with that many workers, and then done for each
// result in the order of the jobs, one at a time. It ends with the first error
// of done, which it returns, or when ctx ends; do is then called no more.
func Run[T any](ctx context.Context, jobs []Job, workers int, do func(context.Context, Job) T, done func(Job, T) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait() // behind cancel
	defer cancel()

	// Each job has a channel for its result. They are queued in order, and
	// the queue has room for so many that may be ahead.
	type task struct {
		job    Job
		result chan T
	}
	work, queue := make(chan task), make(chan task, ahead*workers)
	wg.Go(func() {
		defer close(work)
		defer close(queue)
		for _, job := range jobs {
			t := task{job, make(chan T, 1)}
			for _, c := range []chan task{queue, work} {
				select {
				case c <- t:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	for range workers {
		wg.Go(func() {
			for t := range work {
				t.result <- do(ctx, t.job)
			}
		})
	}
	for t := range queue {
		select {
		case r := <-t.result:
			if err := done(t.job, r); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}
