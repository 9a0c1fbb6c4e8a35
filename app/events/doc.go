// Package events manages the events that guests are invited to, and the roles of users in them.
//
// The command `guestlist routes` lists the URLs.
//
// A role is a row with an event, a user and a name. The order of the roles decides who may grant them:
//
//	admin ─┬─ treasurer
//	       ├─ registration-admin ── registration-volunteer
//	       ├─ reviewer
//	       └─ those of the setting EVENT_ROLES
//
// A user with a role grants and revokes the roles to the right of it; an admin also makes other admins; and system
// administrators grant any role. A role is in effect while its user's address is verified and the user is not blocked.
// An event's last admin in effect cannot lose the role.
//
// [Service] does the work for the handlers of [API]. Other features call [Admin] to check who may change an event's
// data.
package events
