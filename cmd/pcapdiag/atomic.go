package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeFile writes a file so that it is either the whole new one or the old
// one: into another file of the same folder, which then takes its name. What
// is no regular file, as /dev/stderr or a named pipe, is written in place.
func writeFile(path string, f func(io.Writer) error) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // replace the file, not the link to it
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeInPlace(path, f)
	}
	// Not os.CreateTemp, whose files only their owner can read: a report has
	// the mode that the umask gives.
	temp := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d.tmp", filepath.Base(path), os.Getpid()))
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	err = f(file)
	if err == nil {
		err = file.Sync() // before the rename, or a crash could leave an empty file
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return nil
}

// writeInPlace writes to something that exists and is no regular file.
func writeInPlace(path string, f func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f(file), file.Close())
}
