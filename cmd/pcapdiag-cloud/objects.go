package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gocloud.dev/blob"

	"github.com/pcapdiag/pcapdiag/cmd/internal/batch"
)

// objects reads what URLs name. Buckets stay open until close.
type objects struct {
	buckets map[string]*blob.Bucket // by URL, without the path
	keys    map[string]object       // by name for reports
}

// An object is a capture in a bucket, or behind a URL.
type object struct {
	bucket *blob.Bucket // nil for HTTP
	key    string       // in the bucket; for HTTP the URL
}

func newObjects() *objects {
	return &objects{buckets: map[string]*blob.Bucket{}, keys: map[string]object{}}
}

func (o *objects) close() error {
	var errs []error
	for _, b := range o.buckets {
		errs = append(errs, b.Close())
	}
	return errors.Join(errs...)
}

// find returns the names of the captures that the URLs stand for, sorted. A
// path that is empty or ends in "/" stands for what is below it. Names have no
// query: it says how a bucket is reached, and may hold a secret.
func (o *objects) find(ctx context.Context, urls []string) ([]string, error) {
	for _, s := range urls {
		u, err := url.Parse(s)
		if err != nil {
			return nil, err
		}
		switch {
		case u.Scheme == "http" || u.Scheme == "https":
			o.keys[(&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()] = object{key: s}
		case u.Scheme == "" || u.Host == "":
			return nil, fmt.Errorf("%s: not SCHEME://BUCKET/KEY; files of this machine are read by pcapdiag itself", s)
		default:
			if err := o.findIn(ctx, u); err != nil {
				return nil, fmt.Errorf("%s://%s%s: %w", u.Scheme, u.Host, u.Path, err)
			}
		}
	}
	names := make([]string, 0, len(o.keys))
	for name := range o.keys {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// findIn adds what a URL names in a bucket.
func (o *objects) findIn(ctx context.Context, u *url.URL) error {
	place := url.URL{Scheme: u.Scheme, Host: u.Host, RawQuery: u.RawQuery}
	b := o.buckets[place.String()]
	if b == nil {
		var err error
		if b, err = blob.OpenBucket(ctx, place.String()); err != nil {
			return err
		}
		o.buckets[place.String()] = b
	}
	name := func(key string) string { return u.Scheme + "://" + u.Host + "/" + key }
	key := strings.TrimPrefix(u.Path, "/")
	if key != "" && !strings.HasSuffix(key, "/") {
		o.keys[name(key)] = object{b, key}
		return nil
	}
	for list := b.List(&blob.ListOptions{Prefix: key}); ; {
		item, err := list.Next(ctx)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if batch.IsCapture(item.Key) {
			o.keys[name(item.Key)] = object{b, item.Key}
		}
	}
}

// open streams one capture.
func (o *objects) open(ctx context.Context, name string) (io.ReadCloser, error) {
	obj := o.keys[name]
	if obj.bucket != nil {
		r, err := obj.bucket.NewReader(ctx, obj.key, nil)
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", name, err)
		}
		return r, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, obj.key, nil)
	if err != nil {
		return nil, err
	}
	// Else the transport would decompress what it finds compressed: the
	// capture's own compression is in the report.
	req.Header.Set("Accept-Encoding", "identity")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("open %s: the server says %s", name, resp.Status)
	}
	return resp.Body, nil
}
