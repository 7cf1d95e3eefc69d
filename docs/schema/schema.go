// Package schema holds the JSON Schema of what pcapdiag writes for machines,
// so that the program can print it.
package schema

import _ "embed"

// ReportV1 is the schema of a report, in JSON Schema 2020-12.
//
//go:embed report-v1.json
var ReportV1 []byte
