package serve

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
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

// A rejection is why an upload was not taken.
type rejection struct {
	code   int    // of HTTP
	reason string // one of rejections
	text   string // for people
}

var (
	tooLarge = rejection{http.StatusRequestEntityTooLarge, "too-large", "the upload is too large"}
	busy     = rejection{http.StatusServiceUnavailable, "busy", "too many analyses at a time"}
	stopping = rejection{http.StatusServiceUnavailable, "stopping", "the server is stopping"}
)

// reject answers that an upload was not taken, a form of the page with a page.
func (s *Server) reject(w http.ResponseWriter, r *http.Request, why rejection) {
	s.update(func() { s.rejected[why.reason]++ })
	if why.code == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	if r.URL.Path == formPath {
		s.page(w, r, why.code, "failed", view{Errors: []string{why.text}})
		return
	}
	http.Error(w, why.text, why.code)
}

// rejected returns why an upload is not taken that cannot be read.
func rejected(err error) rejection {
	why := rejection{http.StatusBadRequest, "malformed", "reading the upload: " + escape.Text(err.Error())}
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		why.code, why.reason = tooLarge.code, tooLarge.reason
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		why.code, why.reason = http.StatusRequestTimeout, "too-slow"
	}
	return why
}

// upload takes a place, streams the files of a request to disk and starts the
// analysis. Where it returns nil it has answered.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) *job {
	if r.ContentLength > s.MaxUpload {
		s.reject(w, r, tooLarge)
		return nil
	}
	select {
	case s.admit <- struct{}{}:
	default:
		s.reject(w, r, busy)
		return nil
	}
	j := s.newJob()
	err := j.receive(r)
	s.update(func() { s.uploaded += j.size })
	if err == nil && s.start(j) {
		return j
	}
	s.discard(j)
	<-s.admit
	if err == nil {
		s.reject(w, r, stopping)
	} else {
		s.reject(w, r, rejected(err))
	}
	return nil
}

// receive reads a request to its end, behind which the connection tells whether
// the client is still there: a form, or else a body that is one capture.
func (j *job) receive(r *http.Request) error {
	parts, err := r.MultipartReader()
	switch {
	case err == nil:
		err = j.receiveForm(parts)
	case errors.Is(err, http.ErrNotMultipart):
		err = j.save(r.Body, r.URL.Query().Get("name"), "upload")
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r.Body)
	return err
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
	j.size += size
	if err != nil {
		return err
	}
	j.inputs = append(j.inputs, analyzer.Input{Name: point, Path: j.unique(shortName(name)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(file, 0, size)), nil
	}})
	return nil
}

// unique returns a path for a name that other uploads may have as well: the
// second of a name is in the folder 2. So the files of a rotated capture stay
// together where those of two nodes have the same names.
func (j *job) unique(name string) string {
	path := name
	for n := 2; slices.ContainsFunc(j.inputs, func(in analyzer.Input) bool { return in.Path == path }); n++ {
		path = fmt.Sprintf("%d/%s", n, name)
	}
	return path
}

// shortName returns the last part of the path that a browser of Windows gives,
// and of a long name its end, which tells more. It keeps no longer string alive.
func shortName(name string) string {
	name = name[strings.LastIndexByte(name, '\\')+1:]
	return strings.ToValidUTF8(strings.Clone(name[max(0, len(name)-maxName):]), "")
}
