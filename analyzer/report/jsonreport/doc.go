// Package jsonreport writes a report as JSON.
//
// The shape is a contract with scripts: keys may be added, none changes its
// name, type or meaning while the schema is called pcapdiag/report/v1.
//
//   - Every key is there in every report; a list without elements is [].
//   - Texts for people carry both languages, whatever the locale.
//   - Times are RFC 3339 in UTC with nine digits of a second.
//   - Text from captures and file names is data and stays as it is: JSON
//     escapes control characters below U+0020 itself, and whoever shows a
//     string decides how. Bytes that are not UTF-8 become U+FFFD.
//   - Same report, same bytes.
//
// The types of this package are the schema, apart from those of the analyzer,
// so that renaming a field there cannot change the contract. The other formats
// for machines are made from them as well: a report that was written can be
// read back and joined with others.
package jsonreport
