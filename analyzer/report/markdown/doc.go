// Package markdown writes a report for a ticket: in the part of Markdown that
// GitHub, GitLab and Jira have in common, which is CommonMark with tables.
//
// No HTML is written, since Jira shows it as text and the others drop half of
// it. Text from captures is made safe to show by package escape and then
// quoted, so that it is neither markup nor a link, mention or reference that
// would notify somebody: commands, paths and evidence stand in code, and the
// rest goes through inline.
package markdown
