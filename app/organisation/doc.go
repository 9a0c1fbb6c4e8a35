// Package organisation says whose installation this is: one installation is one organisation, which settings describe.
//
//	GET /api/v1/organisation  read it, the first call of a web client  organisation.Read
//
// A file, a JSON object, names what differs from [Default]; [ReadFile] checks it when the program starts. Features that
// show the organisation to people, in mails and on pages, are given what they show when the application is made.
package organisation
