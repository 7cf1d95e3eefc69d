package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/anonymize"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

func (a *app) anonymizeCommand() *cobra.Command {
	var keyFile string
	cmd := &cobra.Command{
		Use:   "anonymize IN OUT",
		Short: "Write a copy of a capture that can be given away",
		Long: `Anonymize writes IN to OUT as pcapng with addresses, MACs, names and payload
replaced, so that an analysis shows the same. Addresses keep common prefixes;
every checksum stays as right or wrong as it was.

The key is random, and lost, unless --key-file is given: captures of one
incident need one key. "-" is standard input or output.`,
		Example: `  pcapdiag anonymize node.pcap shared.pcapng
  pcapdiag anonymize --key-file key node-a.pcap.gz a.pcapng`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runAnonymize(cmd.Context(), args[0], args[1], keyFile)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&keyFile, "key-file", "", "make the key from `FILE`, 16 bytes or more")
	return cmd
}

func (a *app) runAnonymize(ctx context.Context, in, out, keyFile string) error {
	key, err := readKey(keyFile)
	if err != nil {
		return err
	}
	target := output{format: "pcapng", path: out}
	if err := checkOutputs([]output{target}, []string{in}); err != nil {
		return err
	}
	file := io.ReadCloser(io.NopCloser(a.stdin))
	if in != "-" {
		if file, err = openFile(in); err != nil {
			return fmt.Errorf("open %s: %w", in, err)
		}
	}
	defer file.Close()
	r, err := capture.Open(untilDone{ctx, file}, capture.Options{})
	if err != nil {
		return fmt.Errorf("open %s: %w", in, err)
	}
	frames := 0
	err = a.write([]output{target}, func(w io.Writer, _ output) (err error) {
		frames, err = anonymize.New(key, decoders.Options{}).Copy(w, r, "pcapdiag")
		return err
	})
	if ctx.Err() != nil {
		return status(exitInterrupted)
	}
	if err == nil && !a.quiet {
		a.say("pcapdiag: wrote %d anonymised frames", frames)
	}
	return err
}

// readKey reads the key file; without one the key is random.
func readKey(path string) (key anonymize.Key, err error) {
	if path == "" {
		_, err := rand.Read(key[:])
		return key, err
	}
	file, err := os.Open(path)
	if err != nil {
		return key, err
	}
	defer file.Close()
	if key, err = anonymize.ReadKey(file); err != nil {
		return key, withHint(fmt.Errorf("read %s: %w", path, err), "head -c 32 /dev/urandom > %s", path)
	}
	return key, nil
}

// untilDone reads until the context ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
