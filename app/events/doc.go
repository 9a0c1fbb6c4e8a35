// Package events is the events that guests are invited to, and who may do what in them.
package events
