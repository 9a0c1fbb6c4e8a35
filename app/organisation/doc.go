// Package organisation describes the organisation that runs the installation. An installation has one organisation.
//
// A JSON file overrides [Default]; [ReadFile] checks it at start. Web clients read the organisation first: GET
// /api/v1/organisation. Features that show it, in mails and on pages, get what they need when the application is
// created.
package organisation
