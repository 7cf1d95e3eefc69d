package serve

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

const (
	maxFiles = 64   // of one request
	maxField = 4096 // bytes of a field that is no file
	maxName  = 255  // bytes of the name of a file that are kept, as many as Linux allows
)

// upload takes a place, streams the files of a request to disk and starts the
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
	j := s.newJob()
	err := j.receive(r)
	if err == nil {
		s.start(j)
		return j
	}
	s.discard(j)
	<-s.admit
	code := http.StatusBadRequest
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		code = http.StatusRequestEntityTooLarge
	}
	http.Error(w, "reading the upload: "+escape.Text(err.Error()), code)
	return nil
}

// receive reads a request: a form, or else a body that is one capture.
func (j *job) receive(r *http.Request) error {
	parts, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		return j.save(r.Body, r.URL.Query().Get("name"), "upload")
	}
	if err != nil {
		return err
	}
	return j.receiveForm(parts)
}

// receiveForm reads the fields of a form: file, or text for lines that tcpdump
// printed; name before either to name its capture point; context, as the flag
// --context has it, and ticket.
func (j *job) receiveForm(parts *multipart.Reader) error {
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
			point, err = field(part)
		case "ticket":
			j.ticket, err = field(part)
		case "context":
			err = j.readContext(part)
		case "text":
			err, point = j.saveText(part, point), ""
		case "file":
			if part.FileName() != "" {
				err = j.save(part, point, part.FileName())
			}
			point = ""
		}
		if err != nil {
			return err
		}
	}
}

// field reads a field that is no file.
func field(r io.Reader) (string, error) {
	value, err := io.ReadAll(io.LimitReader(r, maxField+1))
	if len(value) > maxField {
		return "", fmt.Errorf("a field is longer than %d bytes", maxField)
	}
	return strings.TrimSpace(string(value)), err
}

// readContext reads what the client says of the cluster.
func (j *job) readContext(r io.Reader) error {
	value, err := field(r)
	if err != nil || value == "" {
		return err
	}
	given, err := catalog.ParseContext(value)
	j.context = given.Over(j.context)
	return err
}

// saveText saves pasted text, unless it is blank: a form sends its empty fields
// as well.
func (j *job) saveText(r io.Reader, point string) error {
	buffered := bufio.NewReader(r)
	for {
		c, err := buffered.ReadByte()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case strings.IndexByte(" \t\r\n", c) < 0:
			return errors.Join(buffered.UnreadByte(), j.save(buffered, point, "pasted.txt"))
		}
	}
}

// save keeps a file in a spool: the name that it was given is for reports only.
func (j *job) save(r io.Reader, point, name string) error {
	if len(j.inputs) == maxFiles {
		return fmt.Errorf("more than %d files", maxFiles)
	}
	file, err := j.spool()
	if err != nil {
		return err
	}
	j.files = append(j.files, file)
	size, err := io.Copy(file, r)
	if err != nil {
		return err
	}
	j.inputs = append(j.inputs, analyzer.Input{Name: point, Path: shortName(name), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(file, 0, size)), nil
	}})
	return nil
}

// shortName returns the last part of the path that a browser of Windows gives,
// and of a long name its end, which tells more. It keeps no longer string alive.
func shortName(name string) string {
	name = name[strings.LastIndexByte(name, '\\')+1:]
	return strings.ToValidUTF8(strings.Clone(name[max(0, len(name)-maxName):]), "")
}
