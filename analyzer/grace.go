package analyzer

import (
	"context"
	"time"

	"github.com/pcapdiag/pcapdiag/analyzer/correlate"
)

// grace is how long conclusions are drawn from what was read after the context
// has ended: whoever pressed Ctrl-C waits for less than a tenth of a second, and
// of a small capture everything that was read is reported.
const grace = 40 * time.Millisecond

// late returns a context that ends a grace after ctx does.
func late(ctx context.Context) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		over, release := context.WithTimeout(later, grace)
		<-over.Done()
		release()
		cancel()
	})
	return later, func() { stop(); cancel() }
}

// solve compares the points. It returns nil where ctx ends first: to compare a
// million packets takes a second, which is then spent in vain, since nothing
// else uses the recorder.
func (c *collector) solve(ctx context.Context, order []int) *correlate.Result {
	type outcome struct {
		result   *correlate.Result
		panicked any
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() { o.panicked = recover(); done <- o }()
		o.result = c.recorder.Solve(c.spans, order)
	}()
	select {
	case o := <-done:
		if o.panicked != nil {
			panic(o.panicked)
		}
		return o.result
	case <-ctx.Done():
		return nil
	}
}
