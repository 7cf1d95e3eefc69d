package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
)

// A lineWriter writes the records of a batch to the outputs of format jsonl,
// one write a line: a batch that is killed leaves whole lines, but for the
// last.
type lineWriter struct {
	outs  []io.Writer
	files []*os.File
}

// openLines opens the outputs of format jsonl. With resume, the records that a
// file has are added to c and the file is continued.
func (a *app) openLines(outs []output, resume bool, c *collection) (*lineWriter, error) {
	l := &lineWriter{}
	for _, o := range outs {
		switch {
		case o.format != formatJSONL:
		case !o.toFile():
			l.outs = append(l.outs, a.stdout)
		default:
			file, err := openLinesFile(o.path, resume, c)
			if err != nil {
				return nil, errors.Join(err, l.close())
			}
			l.outs, l.files = append(l.outs, file), append(l.files, file)
		}
	}
	if resume && len(l.files) != 1 {
		return nil, errors.Join(withHint(errors.New("--resume has no file to go on in"), "-o jsonl=FILE, the one of the batch that was stopped"), l.close())
	}
	return l, nil
}

// openLinesFile opens one file; where it is resumed, behind its last whole
// line.
func openLinesFile(path string, resume bool, c *collection) (*os.File, error) {
	flags := os.O_RDWR | os.O_CREATE
	if !resume {
		flags |= os.O_TRUNC
	}
	file, err := os.OpenFile(path, flags, 0o666)
	if err != nil || !resume {
		return file, err
	}
	err = jsonreport.ReadLines(file, func(rec jsonreport.Record) error {
		c.add(rec)
		return nil
	})
	if err == nil || errors.Is(err, jsonreport.ErrCut) {
		err = dropCutLine(file)
	}
	if err != nil {
		file.Close()
		return nil, withHint(fmt.Errorf("resuming %s: %w", path, err), "without --resume it is written anew")
	}
	return file, nil
}

// dropCutLine ends file behind its last line break, where it is continued.
func dropCutLine(file *os.File) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	end, at := int64(0), int64(0)
	br := bufio.NewReader(file)
	for {
		part, err := br.ReadSlice('\n')
		at += int64(len(part))
		if bytes.HasSuffix(part, []byte("\n")) {
			end = at
		}
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
	if err := file.Truncate(end); err != nil {
		return err
	}
	_, err := file.Seek(end, io.SeekStart)
	return err
}

// write writes one record to every output.
func (l *lineWriter) write(input string, r *analyzer.Report) error {
	if len(l.outs) == 0 {
		return nil
	}
	var line bytes.Buffer
	if err := jsonreport.WriteLine(&line, input, r); err != nil {
		return err
	}
	for _, w := range l.outs {
		_, err := w.Write(line.Bytes())
		if err := quietPipe(err); err != nil {
			return fmt.Errorf("writing JSON lines: %w", err)
		}
	}
	return nil
}

func (l *lineWriter) close() error {
	var errs []error
	for _, f := range l.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
