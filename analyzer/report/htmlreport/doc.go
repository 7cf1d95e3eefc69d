// Package htmlreport writes a report as one HTML file that needs nothing else:
// no script, no font, no network. It can be mailed, attached to a ticket,
// printed on A4 and read with a keyboard or a screen reader, in light and dark.
//
// The order is that of a reader with an incident: the verdict, what to do,
// what is missing, then pictures and tables that prove it, and how good the
// captures are. Each picture says in words what it shows, and the table below
// it has the same numbers; colour never carries a meaning alone.
//
// Text from captures passes package escape and then html/template, and the
// page forbids itself scripts and requests by a Content-Security-Policy, in
// case both should fail.
package htmlreport
