// Package table writes a report as text for a terminal of 80 columns.
//
// The reader is a support engineer with an incident. The first screen (24
// lines) holds the verdict, the reasons and the first command to type;
// everything the verdict rests on follows in falling order of use: what to do,
// findings with their evidence, what was looked for and not found, what could
// not be judged, and how good the captures are.
//
// Like every writer it is a pure function of the report: same report and same
// Options, same bytes. It never filters. Text from captures and from file
// names is made safe to show by package escape; this happens in wrap, through
// which everything on the page goes.
package table
