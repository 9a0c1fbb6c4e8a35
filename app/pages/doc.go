// Package pages writes the few pages that people see without a web client: where the links in mails lead.
//
// A feature embeds its pages, <name>.html, each of which defines the templates "title" and "main" of the layout here,
// and their words in every language, <language>.json ([MustParse]). The pages need no script and fit any screen.
package pages
