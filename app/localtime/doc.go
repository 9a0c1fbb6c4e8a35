// Package localtime is about the times that people read and write: in a time zone, in their language and form. What is
// stored is instants, and says nothing of either.
package localtime
