// Package events is the events that guests are invited to, and who may do what in them.
//
//	POST   /api/v1/event         create one, for administrators of the system    events.Create
//	GET    /api/v1/event         read one by its id, to edit it                  events.Read
//	PUT    /api/v1/event         change one, for its administrators              events.Update
//	GET    /api/v1/events        list those that the caller sees                 events.List
//	GET    /api/v1/event-by-key  read one by its key                             events.ReadByKey
//	GET    /api/v1/event-roles   list who may do what                            events.ListRoles
//	POST   /api/v1/event-roles   give a role                                     events.Grant
//	DELETE /api/v1/event-roles   take a role away, or give up one's own          events.Revoke
//
// A role is a row with an event, a user and a word. The order of the roles decides who gives them:
//
//	admin ─┬─ treasurer
//	       ├─ registration-admin ── registration-volunteer
//	       ├─ reviewer
//	       └─ those of the setting EVENT_ROLES
//
// A user with a role gives, and takes away, those to the right of it; an admin makes other admins too; and
// administrators of the system may give any. A role counts while its user's address is verified. An event's last admin
// who counts keeps the role until another one does.
//
// [Service] does the work and [API] is the handlers. Other features call [Admin] to check who may change what belongs
// to an event.
package events
