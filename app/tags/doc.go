// Package tags is the marks that the guests of an event can have.
package tags
