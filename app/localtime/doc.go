// Package localtime formats and parses times for people: in a time zone, in their language and form. Stored times are
// instants, without a zone.
package localtime
