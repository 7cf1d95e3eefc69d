package serve

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

const (
	maxFiles = 64   // of one request
	maxField = 4096 // bytes of a field that is no file
)

// upload takes a place, streams the files of a form to disk and starts the
// analysis. Where it returns nil it has answered.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) *job {
	if r.ContentLength > s.MaxUpload {
		http.Error(w, "the upload is too large", http.StatusRequestEntityTooLarge)
		return nil
	}
	select {
	case s.admit <- struct{}{}:
	default:
		w.Header().Set("Retry-After", "10")
		http.Error(w, "too many analyses at a time", http.StatusServiceUnavailable)
		return nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.MaxUpload)
	j, err := s.newJob()
	if err == nil {
		if err = j.receive(r); err == nil {
			s.start(j)
			return j
		}
		s.discard(j)
	}
	<-s.admit
	code := http.StatusBadRequest
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		code = http.StatusRequestEntityTooLarge
	}
	http.Error(w, "reading the upload: "+escape.Text(err.Error()), code)
	return nil
}

// receive reads the fields of a form: file, and name before a file to name its
// capture point.
func (j *job) receive(r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return err
	}
	point := ""
	for {
		part, err := parts.NextPart()
		switch {
		case err == io.EOF && len(j.inputs) == 0:
			return errors.New("there is no file in it")
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		switch part.FormName() {
		case "name":
			value, err := io.ReadAll(io.LimitReader(part, maxField))
			if err != nil {
				return err
			}
			point = strings.TrimSpace(string(value))
		case "file":
			if part.FileName() != "" {
				if err := j.save(part, point); err != nil {
					return err
				}
			}
			point = ""
		}
	}
}

// save writes a file below the job's folder, by number: the name that it was
// given is for reports only.
func (j *job) save(part *multipart.Part, point string) error {
	if len(j.inputs) == maxFiles {
		return fmt.Errorf("more than %d files", maxFiles)
	}
	path := filepath.Join(j.dir, fmt.Sprint(len(j.inputs)))
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, part)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	name := part.FileName()
	name = name[strings.LastIndexByte(name, '\\')+1:]
	j.inputs = append(j.inputs, analyzer.Input{Name: point, Path: name, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
	return nil
}
