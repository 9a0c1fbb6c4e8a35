// Package tags manages the tags of an event's guests. All requests are for administrators of the event and name the
// event; tags of other events are not found.
//
// The command `guestlist routes` lists the URLs.
//
// A deactivated tag is hidden everywhere; its guests have it again when it is reactivated.
package tags
