// Package tags is the marks that the guests of an event can have. All calls are for administrators of the event, and
// each names the event: a tag of another one is not found.
//
//	GET    /api/v1/tags        list those of an event                        tags.List
//	GET    /api/v1/tagsconfig  the same with all translations, to edit them  tags.ListAll
//	GET    /api/v1/tagtypes    list the types there are                      tags.Types
//	GET    /api/v1/tag         read one, to edit it                          tags.Read
//	POST   /api/v1/tag         create one                                    tags.Create
//	PUT    /api/v1/tag         change one, take it away or bring it back     tags.Update
//	DELETE /api/v1/tag         delete one                                    tags.Delete
//
// A tag that is taken away is found nowhere, but its guests have it again when it is brought back.
package tags
